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
        let values = numbers.map(\.value)
        if text.hasPrefix(ContextOverflow.both) {
            guard values.count >= 3, values[2] >= ContextOverflow.smallest, values[0] > values[2] - values[1] else {
                return
            }
            (self.input, self.cap, self.have) = (values[0], values[1], values[2])
            return
        }
        let (need, have) = (max(values[0], values[1]), min(values[0], values[1]))
        let areOfTokens = numbers[0].isOfTokens && numbers[1].isOfTokens
        guard need > have, have >= ContextOverflow.smallest || areOfTokens else { return }
        (self.input, self.have) = (need, have)
        // How much of it is input, and how much is room for the answer.
        if values.count >= 4, values[2] <= have, values[3] == need - values[2] {
            (self.input, self.cap) = (values[2], values[3])
        }
    }

    /// No model has less room: a smaller number is about something else, unless it is called one of tokens.
    private static let smallest = 1000

    private static let both = "input length and `max_tokens` exceed context limit"

    private static let beginnings = [
        "prompt is too long", both, "this model's maximum context length is", "your input exceeds the context window",
        "the request exceeds the available context size", "the input token count",
    ]

    /// The first numbers that are words of their own: no part of a model's name, a version or a date.
    private static func numbers(in text: String) -> [(value: Int, isOfTokens: Bool)] {
        var numbers: [(value: Int, isOfTokens: Bool)] = []
        var isBehindNumber = false
        for word in text.utf8.split(whereSeparator: { $0 == 0x20 || (0x09...0x0d).contains($0) }) {
            if isBehindNumber, word.starts(with: "token".utf8) { numbers[numbers.count - 1].isOfTokens = true }
            let number = ContextOverflow.number(word)
            isBehindNumber = number != nil
            guard let number else { continue }
            guard numbers.count < 8 else { break }
            numbers.append((number, false))
        }
        return numbers
    }

    /// The number that a word is, in brackets or before a stop.
    private static func number(_ word: Substring.UTF8View) -> Int? {
        let marks = Array("()[],.:;\"'`".utf8)
        guard let first = word.firstIndex(where: { !marks.contains($0) }),
            let last = word.lastIndex(where: { !marks.contains($0) })
        else { return nil }
        let digits = word[first...last]
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(String(decoding: digits, as: UTF8.self))
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
