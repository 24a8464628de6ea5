package import Dialects
package import Identity
package import Routing
import Contract
import Wire

/// What callers are told when no target is asked.
extension Refusal {
    /// Says of each target why not, by its place in the group: no provider, model or URL is told.
    ///
    /// A request that is too long for all that are in use is the caller's to shorten: agents do when they are told so.
    package static func noEligibleTarget(
        _ group: Group,
        dialect: Dialect,
        _ needs: RequestNeeds,
        _ refused: [RoutePlan.Refused]
    ) -> CallerError {
        let overflow = Refusal.overflow(needs, refused)
        return CallerError(
            status: overflow == nil ? 502 : 400,
            code: overflow == nil ? "no-eligible-target" : ContextOverflow.code,
            message: overflow?.message(for: dialect) ?? "No target of this model group can serve this request.",
            details: JSONObject([
                ("model", .string(group.id.text)), ("dialect", .string(dialect.rawValue)),
                ("requirements", .array(needs.labels.map { .string($0) })),
                ("targets", .array(refused.sorted { $0.position < $1.position }.map(\.json))),
                ("hint", .string(Refusal.hint(refused))),
            ]),
            shouldRetry: false
        )
    }

    /// What the roomiest of the targets lacks, when room is all that those in use lack.
    private static func overflow(_ needs: RequestNeeds, _ refused: [RoutePlan.Refused]) -> ContextOverflow? {
        var most: (need: Int, have: Int)?
        for target in refused {
            switch target.reason {
            case .disabled, .providerDisabled, .weightless: continue
            case .contextExceeded(let need, let have): if have > most?.have ?? -1 { most = (need, have) }
            default: return nil
            }
        }
        return most.map { ContextOverflow(input: needs.inputTokens, need: $0.need, have: $0.have) }
    }

    private static func hint(_ refused: [RoutePlan.Refused]) -> String {
        let reasons = refused.map(\.reason)
        if reasons.contains(where: \.isAboutProof) {
            return "Ask the administrator to validate a target of this group for this kind of request, or use another "
                + "model group."
        }
        if reasons.contains(where: \.isAboutSize) { return "Send less, or use a model group with a larger context." }
        return "Use another model group, or ask the administrator for a target that can serve this."
    }

    /// All targets that could serve asked to be left alone for so long.
    package static func capacityThrottled(nanoseconds: UInt64) -> CallerError {
        // Rounded up: a second too early is a second refusal.
        let seconds = Int(clamping: nanoseconds / 1_000_000_000) + 1
        return CallerError(
            status: 503,
            code: "upstream-capacity-throttled",
            message: "All targets that could serve this asked for a pause.",
            details: JSONObject([("retryable", true), ("retry_after_ms", .int(Int(clamping: nanoseconds / 1_000_000)))]
            ),
            retryAfter: seconds
        )
    }
}

extension RoutePlan.Refused {
    /// As callers are told it.
    var json: JSONValue {
        var object = JSONObject([("target", .int(self.position)), ("reason", .string(self.reason.code))])
        switch self.reason {
        case .disabled, .providerDisabled, .dialect, .weightless: break
        case .modality(let modality): object["modality"] = .string(modality)
        case .undeclared(let needed), .unvalidated(let needed): object["case"] = .string(needed.rawValue)
        case .failed(let needed, let time), .expired(let needed, let time):
            object["case"] = .string(needed.rawValue)
            object["at"] = .string(RFC3339.text(millisecondsSince1970: time))
        case .contextExceeded(let need, let have):
            object["need"] = .int(need)
            object["have"] = .int(have)
        case .translation(let field): object["field"] = .string(field)
        case .coolingDown(let milliseconds): object["retry_after_ms"] = .int(milliseconds)
        }
        return .object(object)
    }
}

extension Ineligibility {
    fileprivate var isAboutProof: Bool {
        switch self {
        case .unvalidated, .failed, .expired, .undeclared, .modality: true
        default: false
        }
    }

    fileprivate var isAboutSize: Bool {
        switch self {
        case .contextExceeded: true
        default: false
        }
    }
}

extension RequestNeeds {
    /// What the request asks for, in words that callers know.
    package var labels: [String] {
        var labels = ["text"]
        if self.images > 0 { labels.append("image") }
        labels += self.otherModalities.sorted()
        if self.tools { labels.append("tools") }
        if self.structuredOutput { labels.append("structured_outputs") }
        if self.reasoning { labels.append("reasoning") }
        if self.outputTokens != nil { labels.append("max_tokens") }
        return labels
    }
}
