import Canonical
import Dialects
import Wire

/// All that a request must not lose: instructions, what was said, pictures, files, tools, calls and results.
struct SpokenWords {
    private struct Word {
        let text: String
        /// A loss that explains why it is not there begins with one of these.
        let reasons: [String]
    }

    private var words: [Word] = []

    init(of request: ModelRequest) {
        for turn in request.turns {
            for block in turn.blocks { self.add(block) }
        }
        for tool in request.tools { self.add(tool) }
    }

    private mutating func add(_ text: String, _ reasons: String...) {
        self.words.append(Word(text: text, reasons: reasons))
    }

    private mutating func add(_ text: JSONText, _ reason: String? = nil) {
        self.words.append(Word(text: text.string, reasons: reason.map { [$0] } ?? []))
    }

    private mutating func add(_ block: Block) {
        switch block {
        case .text(let text):
            // Claude Code's attribution means nothing to another provider.
            self.add(text.text, text.text.hasPrefix("x-anthropic-billing-header") ? "system" : "messages.content.text")
        case .refusal(let text): self.add(text, "messages.content.refusal", "messages.refusal")
        case .image(let image):
            switch image.source {
            case .url(let url): self.add(url)
            case .inline(_, let base64): self.add(base64)
            }
        case .file(let file):
            switch file.source {
            case .url(let url): self.add(url)
            case .text(let text): self.add(text)
            case .inline(_, let base64): self.add(base64)
            }
        case .toolCall(let call):
            self.add(ToolAliases.wireName(call.name))
            self.add(ToolAliases.wireID(call.id))
        case .toolResult(let result):
            self.add(ToolAliases.wireID(result.callID))
            for block in result.blocks { self.add(block) }
        case .reasoning, .hosted: break
        }
    }

    private mutating func add(_ tool: ToolDefinition) {
        switch tool.kind {
        case .function, .custom, .toolSearch:
            self.add(ToolAliases.wireName(tool.name), "tools")
            if let description = tool.description, !description.isEmpty { self.add(description, "tools") }
        case .hosted(_, let type, _):
            // Only its dialect has it: it is there, or reported.
            self.add(type, "tools", "web_search")
        }
    }

    /// What is neither in the body nor reported.
    func missing(in body: JSONValue, losses: LossReport) -> [String] {
        var texts: [String] = []
        SpokenWords.collect(body, into: &texts)
        let all = texts.joined(separator: "\u{0}")
        return self.words.filter { word in
            !all.contains(word.text)
                && !losses.losses.contains { loss in word.reasons.contains { loss.field.hasPrefix($0) } }
        }.map { String($0.text.prefix(60)) }
    }

    private static func collect(_ value: JSONValue, into texts: inout [String]) {
        switch value {
        case .string(let text): texts.append(text.string)
        case .array(let elements): for element in elements { SpokenWords.collect(element, into: &texts) }
        case .object(let object): for member in object.members { SpokenWords.collect(member.value, into: &texts) }
        case .null, .bool, .number: break
        }
    }
}
