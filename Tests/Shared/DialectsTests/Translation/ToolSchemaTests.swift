import Canonical
import Dialects
import Identity
import Testing
import Wire

/// Schemas of tools, as providers take them that hold a model to less than the caller's own.
@Suite struct ToolSchemaTests {
    private static func body(_ caller: Dialect, schema: JSONValue, strict: Bool) -> JSONValue {
        let strict: JSONValue = .bool(strict)
        switch caller {
        case .openAIChat:
            return [
                "model": "m", "messages": [["role": "user", "content": "x"]],
                "tools": [["type": "function", "function": ["name": "f", "parameters": schema, "strict": strict]]],
            ]
        case .openAIResponses:
            return [
                "model": "m", "input": "x",
                "tools": [["type": "function", "name": "f", "parameters": schema, "strict": strict]],
            ]
        case .anthropicMessages:
            return [
                "model": "m", "max_tokens": 99, "messages": [["role": "user", "content": "x"]],
                "tools": [["name": "f", "input_schema": schema, "strict": strict]],
            ]
        }
    }

    /// The schema and the strictness that a target gets, and what is told.
    private static func told(
        _ caller: Dialect,
        to target: Dialect,
        schema: JSONValue,
        strict: Bool = false
    ) throws -> (schema: JSONValue?, isStrict: Bool, lost: String) {
        let written = try RequestTranslation(caller, body: ToolSchemaTests.body(caller, schema: schema, strict: strict))
            .written(for: target, TargetTraits(model: "acme"), open: { _ in .foreign })
        let tool = written.encoded.body["tools"]?.arrayValue?.first
        let function = target == .openAIChat ? tool?["function"] : tool
        return (
            function?[target == .anthropicMessages ? "input_schema" : "parameters"], function?["strict"] == true,
            written.losses.headerValue
        )
    }

    private static let pairs = Dialect.allCases.flatMap { caller in
        Dialect.allCases.filter { $0 != caller }.map { (caller, $0) }
    }

    @Test(arguments: pairs)
    func `an object without members has an empty list of them`(_ caller: Dialect, _ target: Dialect) throws {
        let bare = try Self.told(caller, to: target, schema: ["type": "object"])
        #expect(bare.schema == ["type": "object", "properties": [:]] && bare.lost.isEmpty)
        let closed: JSONValue = ["type": "object", "properties": [:], "additionalProperties": false]
        #expect(try Self.told(caller, to: target, schema: closed).schema == closed)
    }

    private static let closed: JSONValue = [
        "type": "object", "properties": ["city": ["type": "string"]], "required": ["city"],
        "additionalProperties": false,
    ]
    private static let optional: JSONValue = [
        "type": "object", "properties": ["city": ["type": "string"], "unit": ["type": "string"]],
        "required": ["city"], "additionalProperties": false,
    ]

    @Test(arguments: [Dialect.openAIChat, .openAIResponses])
    func `a strict tool of Messages is strict at OpenAI where its schema names all members as required`(
        _ target: Dialect
    ) throws {
        let told = try Self.told(.anthropicMessages, to: target, schema: Self.closed, strict: true)
        #expect(told.isStrict && told.schema == Self.closed && told.lost.isEmpty)
        let loosened = try Self.told(.anthropicMessages, to: target, schema: Self.optional, strict: true)
        #expect(!loosened.isStrict && loosened.schema == Self.optional && loosened.lost == "tools.strict")
        let loose = try Self.told(.anthropicMessages, to: target, schema: Self.optional)
        #expect(!loose.isStrict && loose.lost.isEmpty)
    }

    @Test func `a strict tool with a map is not closed for Messages`() throws {
        let map: JSONValue = ["type": "object", "additionalProperties": ["type": "number"]]
        let schema: JSONValue = ["type": "object", "properties": ["scores": map]]
        let told = try Self.told(.openAIChat, to: .anthropicMessages, schema: schema, strict: true)
        #expect(!told.isStrict && told.schema == schema && told.lost == "tools.function.strict")
    }
}
