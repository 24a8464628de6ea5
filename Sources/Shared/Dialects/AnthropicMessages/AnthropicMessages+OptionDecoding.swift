import Canonical
import Wire

extension AnthropicMessages {
    /// `thinking`: how much, and what of it the caller wants to see.
    static func readThinking(
        _ fields: inout RequestFields,
        into request: inout ModelRequest,
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        if var thinking = try fields.fields("thinking") {
            switch try thinking.requiredString("type") {
            case "enabled":
                guard let budget = try thinking.int("budget_tokens", atLeast: AnthropicMessages.minimumBudget) else {
                    throw thinking.missing("budget_tokens")
                }
                request.reasoning.thinking = .budget(budget)
            case "adaptive": request.reasoning.thinking = .adaptive
            case "between_tools":
                request.reasoning.thinking = .adaptive
                losses.approximate("thinking.type")
            case "disabled": request.reasoning.thinking = .disabled
            default:
                throw TranslationRefusal(
                    thinking.path(of: "type"),
                    "must be `enabled`, `adaptive`, `between_tools` or `disabled`"
                )
            }
            switch try thinking.string("display") {
            case nil:
                // Models that take a budget show their thoughts unless told otherwise; later ones hide them.
                if case .budget = request.reasoning.thinking { request.reasoning.wantsSummary = true }
            case "summarized": request.reasoning.wantsSummary = true
            case "omitted": request.reasoning.wantsSummary = false
            default:
                // Claude Code's `updates`, and what may come: some view of the thoughts is wanted.
                request.reasoning.wantsSummary = true
                losses.approximate("thinking.display")
            }
            losses.dropUnread(of: thinking)
        }
        request.reasoning.wantsOpaque = AnthropicMessages.sendsThinkingBack(request)
    }

    /// Callers of this dialect repeat thinking blocks; who never asked for any may not know what they are.
    private static func sendsThinkingBack(_ request: ModelRequest) -> Bool {
        switch request.reasoning.thinking {
        case .budget, .adaptive: return true
        case .disabled: return false
        case nil:
            return request.turns.contains { turn in
                turn.blocks.contains {
                    if case .reasoning = $0 { true } else { false }
                }
            }
        }
    }

    /// `output_config`, and `output_format` as it was before it became a part of that.
    static func readOutput(
        _ fields: inout RequestFields,
        into request: inout ModelRequest,
        losses: inout LossReport
    ) throws(TranslationRefusal) {
        if var format = try fields.fields("output_format") {
            request.outputFormat = try AnthropicMessages.outputFormat(&format, losses: &losses)
        }
        guard var config = try fields.fields("output_config") else { return }
        if let text = try config.string("effort") {
            guard let effort = ReasoningOptions.Effort(rawValue: text), effort != .none, effort != .minimal else {
                throw TranslationRefusal(
                    config.path(of: "effort"),
                    "must be `low`, `medium`, `high`, `xhigh` or `max`"
                )
            }
            request.reasoning.effort = effort
        }
        if var format = try config.fields("format") {
            request.outputFormat = try AnthropicMessages.outputFormat(&format, losses: &losses)
        }
        losses.dropUnread(of: config)
    }

    private static func outputFormat(
        _ format: inout RequestFields,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> OutputFormat {
        guard try format.requiredString("type") == "json_schema" else {
            throw TranslationRefusal(format.path(of: "type"), "must be `json_schema`")
        }
        guard let schema = format.value("schema") else { throw format.missing("schema") }
        guard case .object = schema else { throw format.wrong("schema", "an object", schema) }
        losses.dropUnread(of: format)
        // A schema always binds here. Elsewhere it can only where the schema keeps to what all providers enforce.
        let isStrict = AnthropicMessagesSchema.isStrictEverywhere(schema)
        if !isStrict { losses.approximate(.outputFormat) }
        return .jsonSchema(name: nil, schema: schema, strict: isStrict ? true : nil, description: nil)
    }
}
