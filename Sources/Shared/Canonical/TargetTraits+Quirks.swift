package import Wire

extension TargetTraits {
    /// What a model can be told, from its quirks and from what else is declared of it.
    ///
    /// Each `TargetQuirk` is optional; names and values that mean nothing are passed over.
    package init(
        model: String,
        maximumOutputTokens: Int?,
        quirks: JSONObject,
        reasons: Bool,
        takesOutputSchema: Bool
    ) {
        self.init(model: model, maximumOutputTokens: maximumOutputTokens)
        func isSet(_ quirk: TargetQuirk) -> Bool { quirks[quirk.rawValue] == .bool(true) }
        self.usesMaximumCompletionTokens = quirks[TargetQuirk.maximumTokensField.rawValue] != .string("max_tokens")
        self.takesStreamOptions = !isSet(.noStreamOptions)
        self.reasons = reasons
        self.usesThinkingBudget = isSet(.thinkingBudget)
        self.takesSampling = !isSet(.noSampling)
        self.takesOutputSchema = !isSet(.noOutputSchema) && takesOutputSchema
        self.takesStrictTools = !isSet(.noStrictTools)
        self.takesSystemTurns = isSet(.systemTurns)
        self.takesCacheKey = !isSet(.noCacheKey)
        self.takesEndUser = !isSet(.noUser)
        self.takesReasoningContent = isSet(.reasoningContent)
        self.takesOnlyLeadingSystem = isSet(.leadingSystemOnly)
        if let names = quirks[TargetQuirk.efforts.rawValue]?.stringValue {
            self.efforts = Set(names.split(separator: " ").compactMap { ReasoningOptions.Effort(rawValue: String($0)) })
        }
    }
}
