import Canonical
import Wire

extension OpenAIChat {
    /// `reasoning_effort`, and the forms that other providers of this dialect gave it: `reasoning` and `thinking`.
    static func readReasoning(
        _ fields: inout RequestFields,
        into request: inout ModelRequest
    ) throws(TranslationRefusal) {
        request.reasoning.effort = try fields.effort("reasoning_effort")
        if var options = try fields.fields("reasoning") {
            let effort = try options.effort("effort")
            request.reasoning.effort = request.reasoning.effort ?? effort
            if let budget = try options.int("max_tokens", atLeast: 1) { request.reasoning.thinking = .budget(budget) }
            if let isEnabled = try options.bool("enabled"), request.reasoning.thinking == nil {
                request.reasoning.thinking = isEnabled ? .adaptive : .disabled
            }
            if let isExcluded = try options.bool("exclude") { request.reasoning.wantsSummary = !isExcluded }
            // Who asks for reasoning in this form knows `reasoning_details`, and sends them back.
            request.reasoning.wantsOpaque = true
        }
        if let isIncluded = try fields.bool("include_reasoning") { request.reasoning.wantsSummary = isIncluded }
        guard var thinking = try fields.fields("thinking") else { return }
        switch try thinking.requiredString("type") {
        case "disabled": request.reasoning.thinking = .disabled
        case "enabled":
            let budget = try thinking.int("budget_tokens", atLeast: 1)
            request.reasoning.thinking = budget.map { .budget($0) } ?? .adaptive
        case "adaptive", "auto": request.reasoning.thinking = .adaptive
        default: throw thinking.unsupported("type", "must be `enabled`, `adaptive` or `disabled`")
        }
    }

    /// The reasoning that an assistant message of a history or of an answer carries, in its several forms.
    ///
    /// Blobs stand in `reasoning_details` as `reasoning.encrypted`, each of which makes a block of its own, with the
    /// words that belong to it. Nil when that cannot be told: their maker would refuse blobs with other words.
    static func reasoningBlocks(
        text: String?,
        details: [JSONValue],
        opaque: (String) -> OpaqueReasoning?
    ) -> [ReasoningBlock]? {
        var pairing = OpenAIChatReasoningPairing()
        var detailText = ""
        var summary: [String] = []
        for detail in details {
            switch detail["type"]?.stringValue {
            case "reasoning.text": detailText += detail["text"]?.stringValue ?? ""
            case "reasoning.summary": if let part = detail["summary"]?.stringValue { summary.append(part) }
            case "reasoning.encrypted":
                if let data = detail["data"]?.stringValue { pairing.add(data, opaque: opaque) }
            default: continue
            }
        }
        // The plain member repeats what the details say.
        let plain = summary.isEmpty ? (text?.isEmpty == false ? text : detailText.isEmpty ? nil : detailText) : nil
        return pairing.blocks(text: plain, summary: summary)
    }

    /// What people may read of a block of reasoning; nil when that is nothing.
    static func readable(_ block: ReasoningBlock) -> String? {
        let summary = block.summary.joined(separator: "\n\n")
        if !summary.isEmpty { return summary }
        return block.text?.isEmpty == false ? block.text : nil
    }
}
