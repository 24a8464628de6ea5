import Contract
package import Dialects
import Identity
package import Routing

/// Which target must serve a Responses request because its provider keeps what the request continues.
///
/// | the request names | candidates of one provider | of several providers |
/// |---|---|---|
/// | nothing that is kept | any target | any target |
/// | an id that we sealed | the target that made it | the target that made it |
/// | another id, a `conversation` | any target, as it came | refused |
///
/// An id that was changed, or sealed for another group, is another id. Only candidates that are asked in Responses
/// count: nobody else keeps anything. A keeper that may not be asked now, or not for this request, is not replaced by
/// another, and the caller is told which of the two it is.
package enum ResponsePin: Sendable {
    /// Any target of the plan may serve it.
    case free
    /// This one only, which knows the response that is continued as `id`.
    case target(Candidate, id: String)
    /// None; with why each of the group's targets may not.
    case refused(CallerError, [RoutePlan.Refused])

    /// `request` is what the plan was made for, in Responses.
    package static func decide(
        _ outline: RequestOutline,
        in group: Group,
        plan: RoutePlan,
        _ request: Eligibility.Request,
        open: ResponseIDEnvelope.Open
    ) -> ResponsePin {
        if let named = outline.previousResponseID,
            let kept = ResponseIDEnvelope.open(named, group: group.id, open)
        {
            let isKeeper = { (target: Target) in
                target.reasoningBinding == kept.keeper && target.url(for: .openAIResponses) != nil
            }
            let keeper = plan.candidates.first { isKeeper($0.target) && $0.dialect == .openAIResponses }
            if let keeper { return .target(keeper, id: kept.id) }
            return ResponsePin.refusal(group, plan, request, isKeeper)
        }
        let targets = plan.candidates.map(\.target)
        guard outline.namesKept, ResponseKeepers(of: targets) == .several else { return .free }
        if outline.previousResponseID != nil { return .refused(Refusal.responseKeeperUnknown, plan.refused) }
        return .refused(Refusal.conversationKeeperUnknown, plan.refused)
    }

    /// Why the keeper cannot go on: for good, for a while, or with this request.
    private static func refusal(
        _ group: Group,
        _ plan: RoutePlan,
        _ request: Eligibility.Request,
        _ isKeeper: (Target) -> Bool
    ) -> ResponsePin {
        // What others would be asked in another dialect for, or in Responses, does not help who needs the keeper.
        let passedOver = plan.candidates.map { candidate in
            let target = candidate.target
            let reason = isKeeper(target) ? Eligibility.reason(target, .openAIResponses, request) : nil
            return RoutePlan.Refused(
                position: target.position,
                reason: reason ?? .translation("previous_response_id")
            )
        }
        let refused = plan.refused + passedOver
        let keepers = Set(group.targets.filter(isKeeper).map(\.position))
        let reasons = refused.filter { keepers.contains($0.position) }.map(\.reason)
        let waits = reasons.compactMap { reason in
            if case .coolingDown(let milliseconds) = reason { milliseconds } else { nil }
        }
        if let wait = waits.min() {
            return .refused(Refusal.capacityThrottled(nanoseconds: UInt64(clamping: wait) &* 1_000_000), refused)
        }
        guard reasons.contains(where: { !$0.isSettled }) else { return .refused(Refusal.responseKeeperGone, refused) }
        return .refused(Refusal.noEligibleTarget(group, dialect: .openAIResponses, request.needs, refused), refused)
    }

    /// The ids of an answer that the caller is to know under others; nil when there are none.
    ///
    /// `previous` is the response that was continued, as the caller named it and as the target knows it.
    package static func names(
        _ outline: RequestOutline,
        in group: Group,
        servedBy target: Target,
        previousID: String?,
        seal: @escaping ResponseIDEnvelope.Seal
    ) -> KeptResponseIDs? {
        let groupID = group.id
        let keeper = target.reasoningBinding
        let name: KeptResponseIDs.Name = { id in
            ResponseIDEnvelope.seal(ResponseIDEnvelope.Kept(keeper: keeper, id: id), group: groupID, seal)
        }
        let previous = previousID.flatMap { id in
            outline.previousResponseID.map { KeptResponseIDs.Previous(id: id, name: $0) }
        }
        let isNamed = outline.keepsResponse && group.responseKeepers != .single
        return KeptResponseIDs(name: isNamed ? name : nil, previous: previous)
    }
}

extension Ineligibility {
    /// Whether no request is served by such a target, whatever it asks for.
    fileprivate var isSettled: Bool {
        switch self {
        case .disabled, .providerDisabled, .dialect, .weightless: true
        case .modality, .undeclared, .unvalidated, .failed, .expired, .contextExceeded, .translation, .coolingDown:
            false
        }
    }
}
