package import Wire

/// A way in which a model deviates from its dialect, by the name under which it is declared.
package enum TargetQuirk: String, Hashable, Sendable, CaseIterable {
    case maximumTokensField = "max_tokens_field"
    case noStreamOptions = "no_stream_options"
    case thinkingBudget = "thinking_budget"
    case noSampling = "no_sampling"
    case noOutputSchema = "no_output_schema"
    case noStrictTools = "no_strict_tools"
    case systemTurns = "system_turns"
    case noCacheKey = "no_cache_key"
    case noUser = "no_user"
    case reasoningContent = "reasoning_content"
    case leadingSystemOnly = "leading_system_only"
    case efforts

    /// What is wrong with this value of it, as the rest of a sentence; nil when it can be told.
    package func problem(of value: JSONValue) -> String? {
        switch self {
        case .maximumTokensField:
            let isKnown = value == .string("max_tokens") || value == .string("max_completion_tokens")
            return isKnown ? nil : "must be max_tokens or max_completion_tokens"
        case .efforts:
            let names = value.stringValue?.split(separator: " ") ?? []
            let isKnown = !names.isEmpty && names.allSatisfy { ReasoningOptions.Effort(rawValue: String($0)) != nil }
            return isKnown ? nil : "must name efforts, with spaces between: \(TargetQuirk.effortNames)"
        case .noStreamOptions, .thinkingBudget, .noSampling, .noOutputSchema, .noStrictTools, .systemTurns, .noCacheKey,
            .noUser, .reasoningContent, .leadingSystemOnly:
            if case .bool = value { return nil }
            return "must be true or false"
        }
    }

    private static let effortNames = ReasoningOptions.Effort.allCases.map(\.rawValue).joined(separator: " ")
}
