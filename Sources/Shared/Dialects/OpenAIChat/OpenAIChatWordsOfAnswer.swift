import Canonical
import Wire

/// The words of an answer's message, or of a piece of it: what it says, declines and thinks, empty for nothing.
struct OpenAIChatWordsOfAnswer: Hashable, Sendable {
    private(set) var text = ""
    private(set) var refusal = ""
    private(set) var reasoning = ""

    /// Throws for members that are neither text, list nor null.
    init(_ message: JSONValue) throws(AnswerProblem) {
        self.refusal = try OpenAIChatWordsOfAnswer.text(message["refusal"])
        // Two names for one thing; providers that send both say the same in both.
        self.reasoning = try OpenAIChatWordsOfAnswer.text(message["reasoning_content"])
        if self.reasoning.isEmpty { self.reasoning = try OpenAIChatWordsOfAnswer.text(message["reasoning"]) }
        guard let content = message["content"], case .array(let parts) = content else {
            self.text = try OpenAIChatWordsOfAnswer.text(message["content"])
            return
        }
        for part in parts {
            switch part["type"]?.stringValue {
            case "text": self.text += try OpenAIChatWordsOfAnswer.text(part["text"])
            case "refusal": self.refusal += try OpenAIChatWordsOfAnswer.text(part["refusal"])
            // Mistral puts thoughts into the content, themselves in parts.
            case "thinking":
                if case .array(let thoughts) = part["thinking"] {
                    for thought in thoughts { self.reasoning += try OpenAIChatWordsOfAnswer.text(thought["text"]) }
                } else {
                    self.reasoning += try OpenAIChatWordsOfAnswer.text(part["thinking"])
                }
            default: throw AnswerProblem(.garbage)
            }
        }
    }

    private static func text(_ value: JSONValue?) throws(AnswerProblem) -> String {
        switch value {
        case nil, .null: return ""
        case .string(let text): return text.string
        case .bool, .number, .array, .object: throw AnswerProblem(.garbage)
        }
    }
}
