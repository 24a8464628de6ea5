import Canonical
import Wire

/// How a tool with free input is told to targets that know functions only.
extension CustomInput {
    /// The one argument of such a function.
    static let argument = "input"

    /// The function that stands for the tool, its format in words.
    static func function(
        for tool: ToolDefinition,
        format: JSONValue?,
        losses: inout LossReport
    ) -> ToolDefinition {
        let description = tool.description.flatMap { $0.isEmpty ? nil : $0 }
        let grammar = format.map { JSONText(CustomInput.grammarText($0, losses: &losses)) }
        let argument: JSONValue = [
            "type": "string", "description": "The whole text that the tool takes, as it is, with its line breaks.",
        ]
        return ToolDefinition(
            tool.name,
            description: [description, JSONText(CustomInput.form), grammar].compactMap { $0 }.joined(separator: "\n\n"),
            kind: .function(
                parameters: [
                    "type": "object", "properties": .object(JSONObject([(CustomInput.argument, argument)])),
                    "required": [.string(CustomInput.argument)], "additionalProperties": false,
                ],
                strict: nil
            ),
            cacheControl: tool.cacheControl
        )
    }

    /// Codex's description of `apply_patch` forbids JSON, which is how a function is called.
    private static let form = """
        Call this tool with one argument, `input`: a string that holds the whole text that the tool takes, and nothing \
        else. Write the text itself, without a code fence, quotes or JSON of its own. Only the call around it is JSON, \
        as of every tool: a text of two lines is called with {"input":"first line\\nsecond line"}. Where this \
        description forbids JSON, it speaks of the text.
        """

    /// The arguments of a call of such a function.
    static func arguments(_ input: JSONText) -> JSONValue {
        .object(JSONObject([(CustomInput.argument, .string(input))]))
    }

    /// The most bytes of a grammar that are told: each request costs them anew, and Codex's have a thousand.
    static let maximumGrammarLength = 8_192

    private static func grammarText(_ format: JSONValue, losses: inout LossReport) -> String {
        let grammar = format["grammar"] ?? format
        guard let definition = grammar["definition"]?.stringValue else {
            return "The text must have this format: \(CustomInput.bounded(JSONWriter.text(format), losses: &losses))"
        }
        // The syntax is one of few words, but a caller may write any.
        let syntax = grammar["syntax"]?.stringValue.map { FieldName.printable($0) } ?? "the following"
        return "The text must match this grammar (\(syntax)):\n\(CustomInput.bounded(definition, losses: &losses))"
    }

    /// The text up to a line's end within the bound; what is cut off is reported.
    private static func bounded(_ text: String, losses: inout LossReport) -> String {
        guard text.utf8.count > CustomInput.maximumGrammarLength else { return text }
        losses.approximate(.toolFormat)
        let bytes = text.utf8
        let bound = bytes.index(bytes.startIndex, offsetBy: CustomInput.maximumGrammarLength)
        // Without a line's end: between two characters, at most four bytes before the bound.
        let end = bytes[..<bound].lastIndex(of: UInt8(ascii: "\n")) ?? text.unicodeScalars.index(before: bound)
        return "\(text[..<end])\n(The rest is left out.)"
    }
}
