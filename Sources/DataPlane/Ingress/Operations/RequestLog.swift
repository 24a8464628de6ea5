import Canonical
import Dialects
package import Exchange
import Identity
import Routing
package import Telemetry

/// Tells each finished request as one JSON line and as numbers.
///
/// The line holds ids, sizes, times and tokens, never content and never a secret.
package final class RequestLog: RequestJournal {
    private let lines: LineWriter.Handle?
    private let metrics: RequestMetrics

    /// `lines` is nil where only the numbers are wanted.
    package init(lines: LineWriter.Handle?, metrics: RequestMetrics) {
        self.lines = lines
        self.metrics = metrics
    }

    package func began() {
        self.metrics.began()
    }

    package func ended(_ record: RequestRecord) {
        self.metrics.ended(record)
        guard let lines = self.lines else { return }
        var line = JSONLine()
        line.add("time", time: WallClock.now())
        line.add("event", "request")
        line.add("request_id", record.requestID)
        line.add("endpoint", record.endpoint)
        line.add("token_id", record.tokenID)
        line.add("group", record.group)
        line.add("target", record.target)
        line.add("provider", record.provider)
        line.add("model", record.model)
        line.add("target_dialect", record.targetDialect)
        line.add("dropped", record.dropped)
        line.add("stream", record.stream)
        line.add("status", record.status)
        line.add("error", record.errorCode)
        line.add("attempts", record.attempts)
        line.add("attempt_failure", record.attemptFailure)
        line.add("sends", record.sends)
        let failed = record.failedAttempts
        line.add("failed_attempts", objects: failed.count) { line, index in
            guard let attempt = failed.dropFirst(index).first else { return }
            line.add("target", attempt.target)
            line.add("provider", attempt.provider)
            line.add("model", attempt.model)
            line.add("failure", attempt.failure)
            line.add("input_tokens", attempt.usage.input)
            line.add("output_tokens", attempt.usage.output)
        }
        line.add("complete", record.complete)
        line.add("images", record.needs?.images)
        line.add("estimated_tokens", record.needs?.inputTokens)
        line.add("input_tokens", record.usage.input)
        line.add("output_tokens", record.usage.output)
        line.add("cached_input_tokens", record.usage.cachedInput)
        line.add("cache_write_tokens", record.usage.cacheWrite)
        line.add("reasoning_tokens", record.usage.reasoning)
        line.add("usage_estimated", record.isUsageEstimated)
        line.add("request_bytes", record.requestBytes)
        line.add("response_bytes", record.responseBytes)
        line.add("body_ms", milliseconds: record.since(\.bodyReadAt))
        line.add("first_byte_ms", milliseconds: record.since(\.firstByteAt))
        line.add("first_token_ms", milliseconds: record.since(\.firstTokenAt))
        line.add("total_ms", milliseconds: record.since(\.endedAt))
        line.add("snapshot_version", record.snapshotVersion)
        _ = line.finish(to: lines)
    }
}

extension RequestRecord {
    /// Nanoseconds from the start to a later moment; nil when that never came.
    func since(_ moment: KeyPath<RequestRecord, UInt64?>) -> UInt64? {
        self[keyPath: moment].map { $0 > self.startedAt ? $0 - self.startedAt : 0 }
    }
}
