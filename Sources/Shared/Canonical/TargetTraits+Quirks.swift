package import Wire

extension TargetTraits {
    /// What a model can be told, from its quirks and from what else is declared of it.
    ///
    /// Quirks, all optional: `max_tokens_field` (`max_tokens` or `max_completion_tokens`), `no_stream_options`,
    /// `thinking_budget`, `no_sampling`, `no_output_schema`, `no_strict_tools`, `system_turns`, `no_cache_key`,
    /// `no_user`, `reasoning_content`, `leading_system_only` (true or false) and `efforts` (the names of those it takes, with spaces between).
    package init(
        model: String,
        maximumOutputTokens: Int?,
        quirks: JSONObject,
        reasons: Bool,
        takesOutputSchema: Bool
    ) {
        self.init(model: model, maximumOutputTokens: maximumOutputTokens)
        func isSet(_ name: String) -> Bool { quirks[name] == .bool(true) }
        self.usesMaximumCompletionTokens = quirks["max_tokens_field"] != .string("max_tokens")
        self.takesStreamOptions = !isSet("no_stream_options")
        self.reasons = reasons
        self.usesThinkingBudget = isSet("thinking_budget")
        self.takesSampling = !isSet("no_sampling")
        self.takesOutputSchema = !isSet("no_output_schema") && takesOutputSchema
        self.takesStrictTools = !isSet("no_strict_tools")
        self.takesSystemTurns = isSet("system_turns")
        self.takesCacheKey = !isSet("no_cache_key")
        self.takesEndUser = !isSet("no_user")
        self.takesReasoningContent = isSet("reasoning_content")
        self.takesOnlyLeadingSystem = isSet("leading_system_only")
        if let names = quirks["efforts"]?.stringValue {
            self.efforts = Set(names.split(separator: " ").compactMap { ReasoningOptions.Effort(rawValue: String($0)) })
        }
    }
}
