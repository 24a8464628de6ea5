import Canonical
import Dialects
import Exchange
import NIOConcurrencyHelpers
package import Telemetry

/// The numbers that are kept of requests: how many, how they ended, how long they took, what they used.
///
/// Labels are bounded: endpoints, statuses and error codes are ours, groups and targets are the deployment's.
package final class RequestMetrics: Sendable {
    /// What one series of requests is told apart by.
    private struct SeriesKey: Hashable {
        let endpoint: String
        let group: String
        let status: Int
    }

    private struct AttemptKey: Hashable {
        let group: String
        let target: String
        let outcome: String
    }

    private struct EndpointSeries {
        let latency: Histogram
        let firstToken: Histogram
    }

    /// Series by what tells them apart, so that a request needs one look-up here and none in the registry.
    private struct Cache {
        var requests: [SeriesKey: Counter] = [:]
        var errors: [String: Counter] = [:]
        var attempts: [AttemptKey: Counter] = [:]
        var endpoints: [String: EndpointSeries] = [:]
    }

    private let registry: MetricsRegistry
    private let cache = NIOLockedValueBox(Cache())
    private let inFlight: Gauge
    private let inputTokens: Counter
    private let outputTokens: Counter
    private let requestBytes: Counter
    private let responseBytes: Counter

    package init(registry: MetricsRegistry) {
        self.registry = registry
        self.inFlight = registry.gauge("smart_router_requests_in_flight", help: "Requests begun and not ended.")
        let tokens = "smart_router_tokens_total"
        let tokensHelp = "Tokens as providers report them."
        self.inputTokens = registry.counter(tokens, help: tokensHelp, labels: [("direction", "input")])
        self.outputTokens = registry.counter(tokens, help: tokensHelp, labels: [("direction", "output")])
        let bytes = "smart_router_body_bytes_total"
        let bytesHelp = "Bytes of request and response bodies."
        self.requestBytes = registry.counter(bytes, help: bytesHelp, labels: [("direction", "request")])
        self.responseBytes = registry.counter(bytes, help: bytesHelp, labels: [("direction", "response")])
    }

    func began() {
        self.inFlight.add()
    }

    func ended(_ record: RequestRecord) {
        self.inFlight.subtract()
        let (requests, error, endpoint) = self.cache.withLockedValue { cache in
            for attempt in record.tries { self.attempts(record, attempt, &cache)?.add() }
            return (self.requests(record, &cache), self.errors(record, &cache), self.endpoint(record, &cache))
        }
        requests.add()
        error?.add()
        if let total = record.since(\.endedAt) { endpoint.latency.observe(nanoseconds: total) }
        if let first = record.since(\.firstTokenAt) { endpoint.firstToken.observe(nanoseconds: first) }
        if !record.isUsageEstimated { self.count(record.usage) }
        for attempt in record.failedAttempts { self.count(attempt.usage) }
        self.requestBytes.add(record.requestBytes)
        self.responseBytes.add(record.responseBytes)
    }

    private func count(_ usage: TokenUsage) {
        if let tokens = usage.input, tokens > 0 { self.inputTokens.add(tokens) }
        if let tokens = usage.output, tokens > 0 { self.outputTokens.add(tokens) }
    }

    private func requests(_ record: RequestRecord, _ cache: inout Cache) -> Counter {
        let key = SeriesKey(endpoint: record.endpoint, group: record.group ?? "", status: record.status)
        if let counter = cache.requests[key] { return counter }
        let counter = self.registry.counter(
            "smart_router_requests_total",
            help: "Requests that have ended.",
            labels: [("endpoint", key.endpoint), ("group", key.group), ("status", String(key.status))]
        )
        cache.requests[key] = counter
        return counter
    }

    private func errors(_ record: RequestRecord, _ cache: inout Cache) -> Counter? {
        guard let code = record.errorCode else { return nil }
        if let counter = cache.errors[code] { return counter }
        let counter = self.registry.counter(
            "smart_router_errors_total",
            help: "Requests that ended in an error, by the code callers see.",
            labels: [("code", code)]
        )
        cache.errors[code] = counter
        return counter
    }

    private func attempts(_ record: RequestRecord, _ attempt: AttemptRecord, _ cache: inout Cache) -> Counter? {
        guard let group = record.group else { return nil }
        let key = AttemptKey(group: group, target: attempt.target, outcome: record.outcome(of: attempt))
        if let counter = cache.attempts[key] { return counter }
        let counter = self.registry.counter(
            "smart_router_upstream_attempts_total",
            help: "Attempts on targets, by how they ended.",
            labels: [("group", group), ("target", attempt.target), ("outcome", key.outcome)]
        )
        cache.attempts[key] = counter
        return counter
    }

    private func endpoint(_ record: RequestRecord, _ cache: inout Cache) -> EndpointSeries {
        if let series = cache.endpoints[record.endpoint] { return series }
        let labels = [("endpoint", record.endpoint)]
        let series = EndpointSeries(
            latency: self.registry.histogram(
                "smart_router_request_duration_seconds",
                help: "From a request's head to the end of its answer.",
                labels: labels
            ),
            firstToken: self.registry.histogram(
                "smart_router_time_to_first_token_seconds",
                help: "From a streamed request's head to the first event of its answer.",
                labels: labels
            )
        )
        cache.endpoints[record.endpoint] = series
        return series
    }
}
