import Identity
import Wire

/// Answers a prompt by rule, so that the same prompt always gets the same answer.
enum ScriptedBrain {
    /// The most characters of the caller's text that an answer repeats.
    private static let echoLimit = 200
    private static let filler = "The demo provider writes this sentence until the answer is long enough. "

    static func answer(to prompt: Prompt, directives: Directives) -> Answer {
        let calls = self.toolCalls(for: prompt, directives: directives)
        var text = calls.isEmpty ? self.text(for: prompt, directives: directives) : ""
        var stop = calls.isEmpty ? Answer.Stop.endOfTurn : .toolCalls
        if let (cut, sequence) = self.cut(text, at: prompt.stopSequences) {
            text = cut
            stop = .sequence(sequence)
        }
        var reasoning: String?
        if prompt.wantsReasoning || directives.isSet("reasoning") {
            reasoning = "The user sent \(prompt.messageCount) messages. I answer by rule."
        }
        let thought = reasoning.map(TokenUsage.tokens(in:)) ?? 0
        if let limit = prompt.outputLimit.map({ max($0, 0) }), stop != .toolCalls, TokenUsage.tokens(in: text) > limit {
            text = String(text.unicodeScalars.prefix(limit * 4))
            stop = .outputLimit
        }
        let written = TokenUsage.tokens(in: text) + calls.reduce(0) { $0 + TokenUsage.tokens(in: $1.arguments) + 8 }
        let usage = TokenUsage(
            input: directives.int("usage_in") ?? prompt.inputTokens,
            output: directives.int("usage_out") ?? max(1, written) + thought,
            reasoning: thought
        )
        return Answer(
            reasoning: reasoning,
            text: text,
            toolCalls: calls,
            stop: stop,
            usage: directives.isSet("no_usage") ? nil : usage,
            pieces: directives.int("chunks", limit: 1_000_000) ?? min(32, max(1, text.unicodeScalars.count / 6))
        )
    }

    /// What is written where no tool is called; `text=` gives it, as base64.
    private static func text(for prompt: Prompt, directives: Directives) -> String {
        if let size = directives.int("bytes", limit: 128 << 20) { return self.text(ofSize: size) }
        if let given = directives.texts("text").first { return given }
        if let reading = prompt.reading { return reading }
        if let schema = prompt.outputSchema {
            let instance = SchemaInstance.make(for: schema)
            return JSONWriter.text(instance.objectValue == nil ? ["value": instance] : instance)
        }
        if !prompt.toolResults.isEmpty {
            let results = prompt.toolResults.map { String($0.prefix(self.echoLimit)) }.joined(separator: " | ")
            return "Tool results received: \(results)\(self.images(of: prompt))"
        }
        let text = Directives.removed(from: prompt.lastUserText)
        if let asked = self.exactReply(in: text) { return asked }
        return "You sent \(prompt.messageCount) \(prompt.messageCount == 1 ? "message" : "messages")"
            + "\(self.images(of: prompt)). The last user text is: \(text.prefix(self.echoLimit))"
    }

    private static func images(of prompt: Prompt) -> String {
        prompt.images.count == 0 ? "" : " with \(prompt.images.description)"
    }

    /// What follows the last `Reply with exactly:` on its line.
    private static func exactReply(in text: String) -> String? {
        guard let marker = text.ranges(of: "Reply with exactly:").last else { return nil }
        let line = text[marker.upperBound...].prefix { !$0.isNewline }
        let asked = Directives.trimmed(String(line))
        return asked.isEmpty ? nil : asked
    }

    private static func text(ofSize size: Int) -> String {
        let repeats = size / self.filler.utf8.count + 1
        return String(String(repeating: self.filler, count: repeats).unicodeScalars.prefix(size))
    }

    private static func cut(_ text: String, at sequences: [String]) -> (text: String, sequence: String)? {
        let found = sequences.compactMap { sequence in
            sequence.isEmpty ? nil : text.firstRange(of: sequence).map { ($0.lowerBound, sequence) }
        }
        guard let (position, sequence) = found.min(by: { $0.0 < $1.0 }) else { return nil }
        return (String(text[..<position]), sequence)
    }
}
