/// What an encoder must know of the model that it writes a request for.
package struct TargetTraits: Hashable, Sendable {
    /// The provider's own name of the model.
    package var model: String
    /// The most tokens that the model can answer with; nil = not declared.
    package var maximumOutputTokens: Int?
    /// Chat: the model takes `max_completion_tokens`; false for `max_tokens`.
    package var usesMaximumCompletionTokens = true
    /// Chat: the provider takes `stream_options`.
    package var takesStreamOptions = true
    /// The model reasons on request; false: options for it are dropped and reported.
    package var reasons = true
    /// Messages: thinking is given as a budget of tokens, not as an effort.
    package var usesThinkingBudget = false
    /// The model takes temperature and its like.
    package var takesSampling = true
    /// The model takes a JSON schema for its answer; false: it is asked by a forced tool.
    package var takesOutputSchema = true
    /// The target takes `strict` on tools.
    package var takesStrictTools = true
    /// Messages: turns of the role system may stand inside the conversation.
    package var takesSystemTurns = false
    /// The efforts that the model takes; nil when not declared: low, medium and high.
    package var efforts: Set<ReasoningOptions.Effort>?
    /// Chat: the provider takes `prompt_cache_key`.
    package var takesCacheKey = true
    /// The provider takes the name of an end user.
    package var takesEndUser = true
    /// Chat: assistant messages of a history may carry `reasoning_content`.
    package var takesReasoningContent = false
    /// Chat: a system message may stand only at the start, as in many chat templates.
    package var takesOnlyLeadingSystem = false

    package init(model: String, maximumOutputTokens: Int? = nil) {
        self.model = model
        self.maximumOutputTokens = maximumOutputTokens
    }
}
