import Canonical
import Identity
import Testing
import Wire

@testable import Dialects

/// A tool with free input as a function: its description must make a model write the input as its client reads it.
@Suite struct CustomInputFunctionTests {
    private static func function(
        _ description: JSONText?,
        grammar: String? = nil,
        syntax: String = "lark"
    ) -> (tool: ToolDefinition, losses: LossReport) {
        let format = grammar.map { definition -> JSONValue in
            ["type": "grammar", "syntax": .string(syntax), "definition": .string(definition)]
        }
        var losses = LossReport()
        let tool = ToolDefinition(ToolName("apply_patch"), description: description, kind: .custom(format: format))
        return (CustomInput.function(for: tool, format: format, losses: &losses), losses)
    }

    @Test func `the description says what the one argument holds, and then the grammar`() throws {
        let (tool, losses) = CustomInputFunctionTests.function(
            "This is a FREEFORM tool, so do not wrap the patch in JSON.",
            grammar: "start: begin hunk+ end\nbegin: \"*** Begin Patch\" LF"
        )
        let text = try #require(tool.description).string
        let places = try [
            "FREEFORM tool", "one argument, `input`", #"{"input":"first line\nsecond line"}"#,
            "Where this description forbids JSON, it speaks of the text.",
            "must match this grammar (lark):\nstart: begin hunk+ end\nbegin: \"*** Begin Patch\" LF",
        ].map { try #require(text.firstRange(of: $0), "\($0)").lowerBound }
        #expect(places == places.sorted())
        #expect(losses.isEmpty)
        guard case .function(let parameters, _) = tool.kind else {
            Issue.record("no function")
            return
        }
        #expect(parameters["required"] == ["input"])
        #expect(parameters["properties"]?["input"]?["type"] == "string")
        #expect(parameters["properties"]?["input"]?["description"]?.stringValue?.isEmpty == false)
    }

    @Test(arguments: [nil, ""] as [JSONText?])
    func `a tool without a description and a grammar still says how it is called`(_ description: JSONText?) throws {
        let (tool, _) = CustomInputFunctionTests.function(description)
        let text = try #require(tool.description).string
        #expect(text.hasPrefix("Call this tool with one argument"))
        #expect(!text.contains("grammar"))
    }

    @Test func `what the description's example shows is read as two lines`() {
        var input = CustomInput()
        #expect(input.read(#"{"input":"first line\nsecond line"}"#) + input.end() == "first line\nsecond line")
    }

    @Test func `a long grammar is cut at a line's end, and that is told`() throws {
        let line = "rule: \"é\" other\n"
        let (tool, losses) = CustomInputFunctionTests.function(
            "d",
            grammar: String(repeating: line, count: 2_000)
        )
        let text = try #require(tool.description).string
        #expect(text.utf8.count < CustomInput.maximumGrammarLength + 1_000)
        #expect(text.hasSuffix("other\n(The rest is left out.)"))
        #expect(losses.losses == [Loss(.toolFormat, .approximated)])
    }

    @Test func `a long grammar in one line is cut as well, between characters`() throws {
        let grammar = "a" + String(repeating: "é", count: 20_000)
        let (tool, _) = CustomInputFunctionTests.function("d", grammar: grammar)
        let text = try #require(tool.description).string
        #expect(text.utf8.count < CustomInput.maximumGrammarLength + 1_000)
        #expect(!text.contains("\u{fffd}"))
    }

    @Test func `a grammar of the greatest length is told whole`() throws {
        let grammar = String(repeating: "a", count: CustomInput.maximumGrammarLength)
        let (tool, losses) = CustomInputFunctionTests.function("d", grammar: grammar)
        #expect(try #require(tool.description).string.hasSuffix(grammar))
        #expect(losses.isEmpty)
    }
}
