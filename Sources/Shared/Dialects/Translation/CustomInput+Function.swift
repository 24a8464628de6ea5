import Canonical
import Wire

/// How a tool with free input is told to targets that know functions only.
extension CustomInput {
    /// The one argument of such a function.
    static let argument = "input"

    /// The function that stands for the tool, its format in words.
    static func function(for tool: ToolDefinition, format: JSONValue?) -> ToolDefinition {
        let texts = [tool.description, format.map(CustomInput.grammarText)].compactMap { $0 }
        let parameters: JSONValue = [
            "type": "object", "properties": .object(JSONObject([(CustomInput.argument, ["type": "string"])])),
            "required": [.string(CustomInput.argument)], "additionalProperties": false,
        ]
        return ToolDefinition(
            tool.name,
            description: texts.isEmpty ? nil : texts.joined(separator: "\n\n"),
            kind: .function(parameters: parameters, strict: nil),
            cacheControl: tool.cacheControl
        )
    }

    /// The arguments of a call of such a function.
    static func arguments(_ input: String) -> JSONValue {
        .object(JSONObject([(CustomInput.argument, .string(input))]))
    }

    private static func grammarText(_ format: JSONValue) -> String {
        let grammar = format["grammar"] ?? format
        guard let definition = grammar["definition"]?.stringValue else {
            return "The input must have this format: \(JSONWriter.text(format))"
        }
        let syntax = grammar["syntax"]?.stringValue ?? "the following"
        return "The input must match this grammar (\(syntax)):\n\(definition)"
    }
}
