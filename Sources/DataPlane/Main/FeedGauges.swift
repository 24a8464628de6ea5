import Contract
import Feeds
import Telemetry

/// What operators see of the snapshot that is served and of the way it came.
enum FeedGauges {
    static func register(_ feed: SnapshotFeed, in registry: MetricsRegistry) {
        registry.gauge("smart_router_snapshot_version", help: "Version of the snapshot that is served; 0 for none.") {
            Double(feed.metrics.running?.version.number ?? 0)
        }
        registry.gauge("smart_router_snapshot_epoch", help: "Epoch of the snapshot that is served; 0 for none.") {
            Double(feed.metrics.running?.version.epoch ?? 0)
        }
        registry.gauge(
            "smart_router_heartbeat_age_seconds",
            help: "Since the control plane was last heard; -1 when it never was."
        ) {
            feed.metrics.heartbeatAge.map { Double($0) / 1000 } ?? -1
        }
        registry.counter("smart_router_heartbeats_total", help: "Heartbeats that were believed.") {
            Double(feed.metrics.heartbeats)
        }
        registry.counter("smart_router_poll_failures_total", help: "Polls that brought no heartbeat.") {
            Double(feed.metrics.pollFailures)
        }
        registry.counter("smart_router_snapshots_applied_total", help: "Snapshots applied.") {
            Double(feed.metrics.applied)
        }
        registry.counter("smart_router_snapshots_refused_total", help: "Snapshots refused.") {
            Double(feed.metrics.refused.values.reduce(0, +))
        }
        registry.counter("smart_router_store_failures_total", help: "Writes of snapshots to disk that failed.") {
            Double(feed.metrics.storeFailures)
        }
        registry.gauge("smart_router_revoked_tokens", help: "Tokens revoked on top of the snapshot.") {
            Double(feed.metrics.revokedTokens)
        }
    }
}
