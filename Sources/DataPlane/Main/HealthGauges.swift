import Identity
import Ingress
import Routing
import Telemetry

/// What operators see of how this node's targets fare.
enum HealthGauges {
    static func register(_ health: HealthRegister, in registry: MetricsRegistry) {
        registry.gauges(
            "smart_router_target_up",
            help: "1 for a target that is asked in its turn, 0 for one that is set aside or asked for a pause."
        ) {
            health.reports().map { (HealthGauges.labels($0), $0.verdict == .ready ? 1 : 0) }
        }
        registry.gauges(
            "smart_router_target_pause_seconds",
            help: "Until a target is asked again in its turn; 0 for one that is."
        ) {
            health.reports().map { (HealthGauges.labels($0), $0.pause) }
        }
        registry.gauges("smart_router_target_in_flight", help: "Attempts on a target that run.") {
            health.reports().map { (HealthGauges.labels($0), Double($0.inFlight)) }
        }
    }

    private static func labels(_ report: HealthBoard.Report) -> [(String, String)] {
        [
            ("provider", report.key.provider.text), ("model", report.key.model.text),
            ("dialect", report.key.dialect.rawValue),
        ]
    }
}

extension HealthBoard.Report {
    /// In seconds, from now.
    fileprivate var pause: Double {
        let now = MonotonicClock.now()
        switch self.verdict {
        case .ready: return 0
        case .ejected(let until), .held(let until): return until > now ? Double(until - now) / 1_000_000_000 : 0
        }
    }
}
