import Canonical
import Wire

extension OpenAIResponses {
    /// Writes how much the model is to think, and whether it is to sum up what it thought.
    ///
    /// | wanted | sent |
    /// |---|---|
    /// | an effort that the model takes | itself |
    /// | none, thinking disabled | `none` when the model takes it, else nothing |
    /// | another effort | the next lower one that the model takes, else the next higher |
    /// | at most 4 096 tokens, 16 384, more | low, medium, high |
    /// | adaptive | nothing |
    static func writeReasoning(
        _ options: ReasoningOptions,
        for target: TargetTraits,
        into body: inout JSONObject,
        losses: inout LossReport
    ) {
        let wanted = options.wantedEffort
        guard target.reasons else {
            // Not to think is what such a model does.
            let isAsked = options.thinking == .adaptive || (wanted != nil && wanted != ReasoningOptions.Effort.none)
            if isAsked { losses.drop(.reasoning) }
            return
        }
        var reasoning = JSONObject()
        if let wanted {
            let sent = wanted.nearest(in: target.efforts ?? [.low, .medium, .high])
            if sent != wanted { losses.approximate(.effort) }
            reasoning["effort"] = sent.map { .string($0.rawValue) }
        }
        if options.wantsSummary == true { reasoning["summary"] = "auto" }
        if !reasoning.isEmpty { body["reasoning"] = .object(reasoning) }
    }
}
