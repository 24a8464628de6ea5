package import Contract

/// What a request asks of the target that serves it, as found by one walk over its body.
package struct RequestNeeds: Hashable, Sendable {
    /// Images that the provider would have to fetch.
    package var imageURLs = 0
    /// Images inside the request.
    package var inlineImages = 0
    /// How many of both stand in the result of a tool.
    package var toolResultImages = 0
    /// Other inputs than text and images, by the words of `input_modalities`: `audio`, `file`.
    package var otherModalities: Set<String> = []
    package var tools = false
    /// A call is demanded, of any tool or of a certain one.
    package var forcedTool = false
    /// More than one call at a time is allowed in so many words; nobody has to make them.
    package var parallelTools = false
    package var toolResults = false
    package var structuredOutput = false
    package var reasoning = false
    /// Reasoning is left to the model, which may do without.
    package var adaptiveReasoning = false
    package var stream = false
    /// The caller's cap on the answer, nil where it set none.
    package var outputTokens: Int?
    /// The estimated size of the input, images by their dimensions where their bytes are there.
    package var inputTokens = 0

    package init() {}

    package var images: Int { self.imageURLs + self.inlineImages }

    /// The cases that a target should be good at, in the order of their names.
    package var cases: [CapabilityCase] {
        var cases: [CapabilityCase] = []
        if self.forcedTool { cases.append(.forcedTool) }
        if self.toolResultImages > 0 { cases.append(.imageInToolResult) }
        if self.inlineImages > 0 { cases.append(.imageInline) }
        if self.imageURLs > 0 { cases.append(.imageURL) }
        if self.outputTokens != nil { cases.append(.maxTokensHonored) }
        if self.parallelTools { cases.append(.parallelTools) }
        if self.reasoning { cases.append(.reasoning) }
        if self.stream { cases.append(.stream) }
        if self.structuredOutput { cases.append(.structuredOutput) }
        cases.append(.text)
        if self.toolResults { cases.append(.toolResultTurn) }
        if self.tools { cases.append(.tools) }
        return cases
    }
}
