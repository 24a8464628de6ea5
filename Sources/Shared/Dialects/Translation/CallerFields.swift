import Canonical
import Identity
import Wire

/// What a caller's own body calls the parts of a request: a loss is reported under names that the caller can find.
struct CallerFields: Hashable, Sendable {
    private let dialect: Dialect
    private let reasoning: [String]
    private let effort: String
    private let pastReasoning: [String]
    private let outputFormat: String
    private let outputCap: String
    private let functions: String
    private let instructionMarks: String
    private let imageDetail: String
    private let turnCount: Int
    private let firstAssistant: Int?

    init(_ dialect: Dialect, body: JSONValue) {
        func has(_ name: String) -> Bool { body[name].map { $0 != .null } ?? false }
        func first(_ names: String...) -> String? { names.first(where: has) }
        self.dialect = dialect
        let turns = body[CallerFields.conversation(of: dialect)]?.arrayValue ?? []
        self.turnCount = turns.count
        self.firstAssistant = turns.firstIndex { $0["role"] == "assistant" }
        self.pastReasoning = CallerFields.pastReasoning(of: turns, dialect)
        self.imageDetail = CallerFields.imageDetail(in: turns, dialect)
        switch dialect {
        case .openAIChat:
            self.reasoning = ["reasoning_effort", "reasoning", "thinking", "include_reasoning"].filter(has)
            self.effort = CallerFields.chatEffort(of: body)
            self.outputFormat = "response_format"
            self.outputCap = first("max_completion_tokens") ?? "max_tokens"
            self.functions = first("tools") == nil ? "functions" : "tools.function"
            self.instructionMarks = "messages.content.cache_control"
        case .openAIResponses:
            self.reasoning = ["reasoning"]
            self.effort = "reasoning.effort"
            self.outputFormat = "text.format"
            self.outputCap = "max_output_tokens"
            self.functions = CallerFields.toolList(of: body, turns)
            self.instructionMarks = "input"
        case .anthropicMessages:
            let effort = body["output_config"]?["effort"]
            let hasEffort = effort != nil && effort != .null
            self.reasoning = (has("thinking") ? ["thinking"] : []) + (hasEffort ? ["output_config.effort"] : [])
            let isDisabled = body["thinking"]?["type"] == "disabled"
            self.effort = hasEffort && !isDisabled ? "output_config.effort" : "thinking"
            let format = body["output_config"]?["format"]
            self.outputFormat = format == nil || format == .null ? "output_format" : "output_config.format"
            self.outputCap = "max_tokens"
            self.functions = "tools"
            let isMarked = body["system"]?.arrayValue?.contains { $0["cache_control"] != nil } ?? false
            self.instructionMarks = isMarked ? "system.cache_control" : "messages.content.cache_control"
        }
    }

    /// The member that holds the conversation.
    static func conversation(of dialect: Dialect) -> String {
        switch dialect {
        case .openAIChat, .anthropicMessages: "messages"
        case .openAIResponses: "input"
        }
    }

    /// What the caller calls a part; none where it said nothing of it, several where it did so in several members.
    func names(of part: RequestPart) -> [String] {
        let isChat = self.dialect == .openAIChat
        switch part {
        case .content: return [self.content]
        case .reasoning: return self.reasoning
        case .effort: return [self.effort]
        case .pastReasoning: return self.pastReasoning
        case .lastTurn: return [self.turn(self.turnCount - 1)]
        case .firstTurn: return [self.turn(self.firstAssistant ?? 0)]
        case .outputFormat: return [self.outputFormat]
        case .outputCap: return [self.outputCap]
        case .temperature: return ["temperature"]
        case .topP: return ["top_p"]
        case .topK: return ["top_k"]
        case .frequencyPenalty: return ["frequency_penalty"]
        case .presencePenalty: return ["presence_penalty"]
        case .seed: return ["seed"]
        // Of Messages' `metadata.user_id`, which is told of by itself.
        case .cacheKey: return self.dialect == .anthropicMessages ? [] : ["prompt_cache_key"]
        case .instructionMarks: return [self.instructionMarks]
        case .contentMarks: return ["\(self.content).cache_control"]
        case .toolMarks: return ["tools.cache_control"]
        case .toolStrictness: return ["\(self.functions).strict"]
        case .toolParameters:
            return ["\(self.functions).\(self.dialect == .anthropicMessages ? "input_schema" : "parameters")"]
        case .toolFormat: return [isChat ? "tools.custom.format" : "\(self.functions).format"]
        case .imageDetail: return [self.imageDetail]
        case .phase: return ["input.phase"]
        // Items of such types stand beside the messages in Responses.
        case .hosted(let type): return ["\(self.dialect == .openAIResponses ? "input" : self.content).\(type)"]
        case .user: return [self.dialect == .anthropicMessages ? "metadata.user_id" : "user"]
        case .safetyIdentifier: return ["safety_identifier"]
        }
    }

    /// A refusal of an encoder, which knows the caller's dialect as little, under the caller's name for the member.
    func named(_ refusal: TranslationRefusal) -> TranslationRefusal {
        var named = refusal
        switch refusal.field {
        case "messages": named.field = CallerFields.conversation(of: self.dialect)
        case "response_format": named.field = self.outputFormat
        default: break
        }
        return named
    }

    private var content: String { "\(CallerFields.conversation(of: self.dialect)).content" }

    /// The one place where an index says more than a name.
    private func turn(_ index: Int) -> String {
        let conversation = CallerFields.conversation(of: self.dialect)
        return index >= 0 && index < self.turnCount ? "\(conversation)[\(index)]" : conversation
    }

    /// Of the several forms that Chat has for it, the one that counts.
    private static func chatEffort(of body: JSONValue) -> String {
        func has(_ value: JSONValue?) -> Bool { value != nil && value != .null }
        let reasoning = body["reasoning"]
        if body["thinking"]?["type"] == "disabled" { return "thinking" }
        if has(body["reasoning_effort"]) { return "reasoning_effort" }
        if has(reasoning?["effort"]) { return "reasoning.effort" }
        if has(body["thinking"]) { return "thinking" }
        return has(reasoning?["max_tokens"]) ? "reasoning.max_tokens" : "reasoning"
    }

    /// Pictures stand in messages, and in Responses also in what tools gave back.
    private static func imageDetail(in turns: [JSONValue], _ dialect: Dialect) -> String {
        guard dialect == .openAIResponses else { return "messages.content.image_url.detail" }
        let isInMessage = turns.contains { turn in
            turn["content"]?.arrayValue?.contains { CallerFields.saysSomething($0["detail"]) } ?? false
        }
        return isInMessage ? "input.content.detail" : "input.output.detail"
    }

    /// Where Responses' tools stand: some clients send them with the conversation.
    private static func toolList(of body: JSONValue, _ turns: [JSONValue]) -> String {
        if body["tools"]?.arrayValue?.isEmpty == false { return "tools" }
        return turns.contains { $0["tools"]?.arrayValue?.isEmpty == false } ? "input.tools" : "tools"
    }

    private static func pastReasoning(of turns: [JSONValue], _ dialect: Dialect) -> [String] {
        switch dialect {
        case .openAIChat:
            // Few conversations carry any, and a walk over the names is shorter than three searches.
            let turns = turns.filter { $0.objectValue?.hasName(beginning: "reasoning") ?? false }
            let names = ["reasoning_content", "reasoning", "reasoning_details"]
            let found = names.filter { name in turns.contains { CallerFields.saysSomething($0[name]) } }
            return found.map { "messages.\($0)" }
        case .openAIResponses: return ["input.reasoning"]
        case .anthropicMessages:
            let names: [JSONValue] = ["thinking", "redacted_thinking"]
            let found = names.filter { name in
                turns.contains { turn in turn["content"]?.arrayValue?.contains { $0["type"] == name } ?? false }
            }
            return found.compactMap(\.stringValue).map { "messages.content.\($0)" }
        }
    }

    private static func saysSomething(_ value: JSONValue?) -> Bool { value.map { !$0.saysNothing } ?? false }
}
