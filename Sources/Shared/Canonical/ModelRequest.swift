package import Wire

/// What a caller wants of a model, in no dialect.
///
/// Made only where caller and target speak different dialects; a same-dialect request never takes this form.
package struct ModelRequest: Hashable, Sendable {
    /// The name the caller used; encoders take the target's own instead.
    package var model: String
    /// The conversation in order, system and developer turns where they stood.
    package var turns: [Turn]
    package var tools: [ToolDefinition]
    package var toolChoice: ToolChoice?
    /// Whether several tools may be called in one turn; nil when the caller said nothing.
    package var parallelTools: Bool?
    package var sampling: SamplingOptions
    /// The most tokens the answer may have; nil when the caller named no number.
    package var maximumOutputTokens: Int?
    /// Texts at which the answer ends; empty for none.
    package var stopSequences: [String]
    package var outputFormat: OutputFormat
    package var reasoning: ReasoningOptions
    package var stream: Bool
    /// Whether a Chat stream is to end with usage; the other dialects always tell it.
    package var includesUsage: Bool
    /// The caller's own key for prompt caches or conversations; for affinity and OpenAI's `prompt_cache_key`.
    package var cacheKey: String?
    package var endUser: EndUser
    /// Members that the answer repeats as they were sent (Responses: tools, tool_choice, metadata, …).
    package var echo: JSONObject

    package init(model: String) {
        self.model = model
        self.turns = []
        self.tools = []
        self.sampling = SamplingOptions()
        self.stopSequences = []
        self.outputFormat = .text
        self.reasoning = ReasoningOptions()
        self.stream = false
        self.includesUsage = false
        self.endUser = EndUser()
        self.echo = JSONObject()
    }

    /// What an answer is written with: neither the conversation nor the bytes that it was read from are kept while
    /// an answer lasts.
    package var withoutConversation: ModelRequest {
        var rest = self
        rest.turns = []
        rest.tools = []
        rest.outputFormat = .text
        rest.echo = self.echo.detached
        return rest
    }
}
