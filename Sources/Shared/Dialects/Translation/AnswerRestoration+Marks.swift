package import Canonical
package import Identity

/// Which reasoning of an answer is marked as ours where it has no blob.
extension AnswerRestoration {
    /// What marks reasoning for a caller; nil where it needs no mark.
    ///
    /// Sent back, it is known by the mark for another dialect's, and kept from a target of the caller's own, which
    /// would refuse it:
    ///
    /// | caller | marked | because |
    /// |---|---|---|
    /// | Chat | nothing | its reasoning is plain text, which any target may read |
    /// | Responses | all, whether blobs are asked for or not | OpenAI looks for an item without a blob by its id |
    /// | Messages | what is shown to who sends thinking back | Anthropic refuses thinking without its signature |
    package static func mark(for caller: Dialect, _ request: ModelRequest, _ seal: @escaping Seal) -> Mark? {
        switch caller {
        case .openAIChat: return nil
        case .openAIResponses: break
        case .anthropicMessages:
            guard request.reasoning.wantsOpaque, AnthropicMessages.showsThoughts(request) else { return nil }
        }
        return { seal(.unsigned, "") }
    }
}
