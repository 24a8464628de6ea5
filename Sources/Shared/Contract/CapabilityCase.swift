/// One thing that a target can be asked to do and be proven able, or unable, to do in one dialect.
package enum CapabilityCase: String, Hashable, Sendable, CaseIterable, Comparable {
    case text
    case stream
    case tools
    case forcedTool = "forced_tool"
    case parallelTools = "parallel_tools"
    /// A turn that carries the result of a tool back.
    case toolResultTurn = "tool_result_turn"
    case structuredOutput = "structured_output"
    /// An image that the provider has to fetch.
    case imageURL = "image_url"
    /// An image inside the request.
    case imageInline = "image_inline"
    case imageInToolResult = "image_in_tool_result"
    /// An answer ends where the caller's cap says.
    case maxTokensHonored = "max_tokens_honored"
    case usageReported = "usage_reported"
    case reasoning

    /// Accepting an image and reading it right are separate facts: a declaration never stands for these.
    package var needsProof: Bool {
        switch self {
        case .imageURL, .imageInline, .imageInToolResult: true
        case .text, .stream, .tools, .forcedTool, .parallelTools, .toolResultTurn, .structuredOutput,
            .maxTokensHonored, .usageReported, .reasoning:
            false
        }
    }

    package static func < (left: CapabilityCase, right: CapabilityCase) -> Bool { left.rawValue < right.rawValue }
}
