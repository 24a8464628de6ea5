package import Identity

/// A request that is too long for a model, in the words that clients of each dialect act on.
package struct ContextOverflow: Hashable, Sendable {
    /// The tokens of the input, the answer's cap where it is what is too much, and what the model has room for; nil where
    /// nobody told.
    private var input: Int?
    private var cap: Int?
    private var have: Int?

    /// By this OpenAI's clients know it.
    package static let code = "context_length_exceeded"

    /// `need` is the input with the answer's cap.
    package init(input: Int, need: Int, have: Int) {
        self.have = have
        self.input = input > have ? need : input
        self.cap = input > have || need <= input ? nil : need - input
        if self.cap == nil { self.input = need }
    }

    /// What a provider's refusal says, nil when it is about something else.
    ///
    /// Only codes and whole beginnings count, as a refusal may quote what the caller wrote.
    init?(_ words: UpstreamWords) {
        let text = words.text?.lowercased() ?? ""
        let begins = ContextOverflow.beginnings.contains { text.hasPrefix($0) }
        guard begins || words.code == ContextOverflow.code || words.type == "exceed_context_size_error" else {
            return nil
        }
        let numbers = ContextOverflow.numbers(in: text)
        guard numbers.count >= 2 else { return }
        if text.hasPrefix(ContextOverflow.both) {
            guard numbers.count >= 3 else { return }
            (self.input, self.cap, self.have) = (numbers[0], numbers[1], numbers[2])
            return
        }
        let (need, have) = (max(numbers[0], numbers[1]), min(numbers[0], numbers[1]))
        (self.input, self.have) = (need, have)
        // How much of it is input, and how much is room for the answer.
        if numbers.count >= 4, numbers[2] <= have, numbers[3] == need - numbers[2] {
            (self.input, self.cap) = (numbers[2], numbers[3])
        }
    }

    private static let both = "input length and `max_tokens` exceed context limit"

    private static let beginnings = [
        "prompt is too long", both, "this model's maximum context length is", "your input exceeds the context window",
        "the request exceeds the available context size", "the input token count",
    ]

    private static func numbers(in text: String) -> [Int] {
        text.utf8.split { !(0x30...0x39).contains($0) }.prefix(8).compactMap { Int(String(Substring($0))) }
    }

    /// What a caller is told: Claude Code makes its conversation, or its cap, smaller by these very words.
    package func message(for dialect: Dialect) -> String {
        guard let input = self.input, let have = self.have else {
            return dialect == .anthropicMessages
                ? "prompt is too long" : "The request is longer than the context of this model."
        }
        switch (dialect, self.cap) {
        case (.anthropicMessages, nil): return "prompt is too long: \(input) tokens > \(have) maximum"
        case (.anthropicMessages, let cap?):
            return
                "\(ContextOverflow.both): \(input) + \(cap) > \(have), decrease input length or `max_tokens` and try "
                + "again"
        case (_, nil):
            return "This model's maximum context length is \(have) tokens. However, the request has \(input) tokens."
        case (_, let cap?):
            return
                "This model's maximum context length is \(have) tokens. However, the request has \(input) tokens and "
                + "asks for \(cap) more."
        }
    }
}
