/// What the provider answers, in no dialect.
struct Answer: Hashable, Sendable {
    /// Why the provider stopped writing.
    enum Stop: Hashable, Sendable {
        case endOfTurn
        case outputLimit
        case toolCalls
        /// The caller's stop sequence that came up.
        case sequence(String)
    }

    /// What the provider thought first; nil when it did not think.
    var reasoning: String?
    var text: String
    var toolCalls: [ToolCall]
    var stop: Stop
    /// Nil when the provider is told to report none.
    var usage: TokenUsage?
    /// How many pieces a stream cuts `text` into.
    var pieces: Int

    /// `text` in at most `pieces` parts of nearly the same length, none of them empty.
    var textPieces: [String] { Answer.split(self.text, into: self.pieces) }

    /// Parts of nearly the same length that make up `text`; cut between scalars, so that each is valid UTF-8.
    static func split(_ text: String, into count: Int) -> [String] {
        let scalars = text.unicodeScalars
        let total = scalars.count
        let count = min(max(count, 1), total)
        var parts: [String] = []
        var start = scalars.startIndex
        for index in 0..<count {
            let length = total * (index + 1) / count - total * index / count
            let end = scalars.index(start, offsetBy: length)
            parts.append(String(scalars[start..<end]))
            start = end
        }
        return parts
    }
}
