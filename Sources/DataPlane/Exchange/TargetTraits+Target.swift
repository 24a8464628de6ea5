package import Canonical
import Contract
package import Identity
package import Routing
import Wire

extension TargetTraits {
    /// What a target's model can be told in `dialect`, from what is declared of it and its quirks.
    ///
    /// Quirks, all optional: `max_tokens_field` (`max_tokens` or `max_completion_tokens`), `no_stream_options`,
    /// `thinking_budget`, `no_sampling`, `no_output_schema`, `no_strict_tools`, `system_turns`, `no_cache_key`,
    /// `reasoning_content`, `leading_system_only` (true or false) and `efforts` (the names of those it takes, with spaces between).
    package init(_ target: Target, dialect: Dialect) {
        let model = target.model
        self.init(model: model.upstreamModel, maximumOutputTokens: model.maxOutputTokens)
        let quirks = model.quirks
        func isSet(_ name: String) -> Bool { quirks[name] == .bool(true) }
        self.usesMaximumCompletionTokens = quirks["max_tokens_field"] != .string("max_tokens")
        self.takesStreamOptions = !isSet("no_stream_options")
        self.reasons = model.declared[dialect]?.reasoning ?? false
        self.usesThinkingBudget = isSet("thinking_budget")
        self.takesSampling = !isSet("no_sampling")
        self.takesOutputSchema = !isSet("no_output_schema") && (model.declared[dialect]?.structuredOutput ?? false)
        self.takesStrictTools = !isSet("no_strict_tools")
        self.takesSystemTurns = isSet("system_turns")
        self.takesCacheKey = !isSet("no_cache_key")
        self.takesReasoningContent = isSet("reasoning_content")
        self.takesOnlyLeadingSystem = isSet("leading_system_only")
        if let names = quirks["efforts"]?.stringValue {
            self.efforts = Set(names.split(separator: " ").compactMap { ReasoningOptions.Effort(rawValue: String($0)) })
        }
    }
}
