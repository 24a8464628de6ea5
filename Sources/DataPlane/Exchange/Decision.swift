package import Identity
import Canonical
import Contract
import Routing
package import Wire

/// What was decided about one request, and how it went: what its token's owner, or an operator, may be told.
package struct Decision: Hashable, Sendable {
    package let id: RequestID
    package let record: RequestRecord
    /// Milliseconds since 1970.
    package let endedAt: Int

    package init(id: RequestID, record: RequestRecord, endedAt: Int) {
        self.id = id
        self.record = record
        self.endedAt = endedAt
    }

    /// Whether the first target gave a whole answer, or none was to be asked.
    var wentAsPlanned: Bool {
        guard self.record.explained == nil else { return true }
        return self.record.complete && self.record.status < 400 && self.record.tries.count == 1
            && self.record.refused.isEmpty
    }

    /// Who is told.
    package enum Audience: Sendable {
        /// The token's owner: targets by their place in the group, no names of providers and models.
        case caller
        /// Operators; `names` are those of the group's targets, by place.
        case operators(names: [Int: Slug])
    }

    package func json(for audience: Audience) -> JSONValue {
        let record = self.record
        var object = JSONObject([
            ("object", "router.request"), ("request_id", .string(record.requestID)),
            ("created_at", .string(RFC3339.text(millisecondsSince1970: Int(clamping: self.id.milliseconds)))),
            ("endpoint", .string(record.endpoint)),
        ])
        if case .operators = audience { object["token_id"] = record.tokenID.map { .string($0) } }
        object["model"] = record.group.map { .string($0) }
        object["stream"] = .bool(record.stream)
        object["status"] = .int(record.status)
        object["complete"] = .bool(record.complete)
        object["error"] = record.errorCode.map { .string($0) }
        object["requirements"] = record.needs.map { .array($0.labels.map { .string($0) }) }
        object["images"] = record.needs.map { .int($0.images) }
        object["estimated_tokens"] = record.needs.map { .int($0.inputTokens) }
        object["refused_targets"] = .array(
            record.refused.sorted { $0.position < $1.position }.map { refused in
                audience.naming(refused.position, refused.json)
            }
        )
        object["would_ask"] = record.explained.map { .array($0.map { Decision.json($0, for: audience) }) }
        object["attempts"] = .array(record.tries.map { Decision.json($0, of: record, for: audience) })
        object["dropped"] = record.dropped.map { dropped in
            .array(dropped.split(separator: ",").map { .string(String($0)) })
        }
        object["timings"] = .object(
            Decision.times(
                [
                    ("body_ms", record.bodyReadAt), ("first_byte_ms", record.firstByteAt),
                    ("first_token_ms", record.firstTokenAt), ("total_ms", record.endedAt),
                ],
                since: record.startedAt
            )
        )
        if record.usage.isReported {
            object["usage"] = Decision.json(record.usage)
            object["usage_estimated"] = .bool(record.isUsageEstimated)
        }
        object["request_bytes"] = .int(record.requestBytes)
        object["response_bytes"] = .int(record.responseBytes)
        object["snapshot_version"] = record.snapshotVersion.map { .int($0) }
        return .object(object)
    }

    private static func json(_ explained: ExplainedTarget, for audience: Audience) -> JSONValue {
        var object = JSONObject([("target", .int(explained.position)), ("dialect", .string(explained.dialect))])
        if case .operators = audience {
            object["target_id"] = .string(explained.target)
            object["provider"] = .string(explained.provider)
            object["model"] = .string(explained.model)
        }
        return .object(object)
    }

    private static func json(_ attempt: AttemptRecord, of record: RequestRecord, for audience: Audience) -> JSONValue {
        var object = JSONObject([("target", .int(attempt.position)), ("dialect", .string(attempt.dialect))])
        if case .operators = audience {
            object["target_id"] = .string(attempt.target)
            object["provider"] = .string(attempt.provider)
            object["model"] = .string(attempt.model)
        }
        object["outcome"] = .string(record.outcome(of: attempt))
        for (name, value) in Decision.times([("started_ms", attempt.startedAt)], since: record.startedAt).members {
            object[name] = value
        }
        let times = Decision.times(
            [
                ("first_byte_ms", attempt.firstByteAt), ("duration_ms", attempt.endedAt),
            ],
            since: attempt.startedAt
        )
        for (name, value) in times.members { object[name] = value }
        if attempt.sends != 1 { object["sends"] = .int(attempt.sends) }
        if attempt.usage.isReported { object["usage"] = Decision.json(attempt.usage) }
        return .object(object)
    }

    /// Milliseconds, to a thousandth, from a moment to later ones that came.
    private static func times(_ moments: [(String, UInt64?)], since start: UInt64) -> JSONObject {
        JSONObject(
            moments.compactMap { name, moment in
                guard let moment else { return nil }
                let microseconds = (moment > start ? moment - start : 0) / 1_000
                return JSONNumber(Double(microseconds) / 1_000).map { (name, .number($0)) }
            }
        )
    }

    private static func json(_ usage: TokenUsage) -> JSONValue {
        var object = JSONObject()
        object["input_tokens"] = usage.input.map { .int($0) }
        object["output_tokens"] = usage.output.map { .int($0) }
        object["cached_input_tokens"] = usage.cachedInput.map { .int($0) }
        object["cache_write_tokens"] = usage.cacheWrite.map { .int($0) }
        object["reasoning_tokens"] = usage.reasoning.map { .int($0) }
        return .object(object)
    }
}

extension Decision.Audience {
    /// Adds the target's name where it may be told, and is known.
    fileprivate func naming(_ position: Int, _ value: JSONValue) -> JSONValue {
        guard case .operators(let names) = self, let name = names[position], case .object(var object) = value else {
            return value
        }
        object["target_id"] = .string(name.text)
        return .object(object)
    }
}
