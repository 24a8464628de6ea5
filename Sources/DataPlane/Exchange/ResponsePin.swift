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
/// count: nobody else keeps anything.
package enum ResponsePin: Sendable {
    /// Any target of the plan may serve it.
    case free
    /// This target only, which knows the response that is continued as `id`.
    case target(Target, id: String)
    case refused(CallerError)

    /// `candidates` are the targets that may serve the request now.
    package static func decide(
        _ outline: RequestOutline,
        in group: Group,
        candidates: [Target],
        open: ResponseIDEnvelope.Open
    ) -> ResponsePin {
        if let named = outline.previousResponseID,
            let kept = ResponseIDEnvelope.open(named, group: group.id, open)
        {
            let keeper = candidates.first {
                $0.reasoningBinding == kept.keeper && $0.url(for: .openAIResponses) != nil
            }
            guard let keeper else { return .refused(Refusal.responseKeeperGone) }
            return .target(keeper, id: kept.id)
        }
        guard outline.namesKept, ResponseKeepers(of: candidates) == .several else { return .free }
        if outline.previousResponseID != nil { return .refused(Refusal.responseKeeperUnknown) }
        return .refused(Refusal.conversationKeeperUnknown)
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
