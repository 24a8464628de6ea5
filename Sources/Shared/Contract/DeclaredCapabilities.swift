package import Wire

/// What a deployment declares that a model can do in one dialect; declaring proves nothing about images.
package struct DeclaredCapabilities: Hashable, Sendable {
    /// `text`, `image`, …, in the order declared.
    package var inputModalities: [String]
    package var tools: Bool
    package var parallelTools: Bool
    package var structuredOutput: Bool
    package var reasoning: Bool

    package init(
        inputModalities: [String] = ["text"],
        tools: Bool = false,
        parallelTools: Bool = false,
        structuredOutput: Bool = false,
        reasoning: Bool = false
    ) {
        self.inputModalities = inputModalities
        self.tools = tools
        self.parallelTools = parallelTools
        self.structuredOutput = structuredOutput
        self.reasoning = reasoning
    }

    package var json: JSONValue {
        [
            "input_modalities": .array(self.inputModalities.map { .string($0) }), "tools": .bool(self.tools),
            "parallel_tools": .bool(self.parallelTools), "structured_output": .bool(self.structuredOutput),
            "reasoning": .bool(self.reasoning),
        ]
    }

    /// Missing members count as not declared; text is always an input.
    package init(_ members: consuming JSONMembers) throws(JSONShapeError) {
        self.inputModalities = try members.optionalStrings("input_modalities") ?? ["text"]
        self.tools = try members.optionalBool("tools") ?? false
        self.parallelTools = try members.optionalBool("parallel_tools") ?? false
        self.structuredOutput = try members.optionalBool("structured_output") ?? false
        self.reasoning = try members.optionalBool("reasoning") ?? false
        try members.refuseUnknown()
    }
}
