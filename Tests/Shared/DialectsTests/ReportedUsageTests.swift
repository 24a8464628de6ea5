import Canonical
import Identity
import Testing
import Wire

@testable import Dialects

@Suite struct ReportedUsageTests {
    /// A `usage` object and what it says, per dialect.
    static let samples: [(Dialect, String, TokenUsage)] = [
        (
            .openAIChat,
            """
            { "prompt_tokens" : 12 , "completion_tokens": 7, "total_tokens":19,
              "prompt_tokens_details":{"audio_tokens":0,"cached_tokens":4,"cache_write_tokens":2},
              "completion_tokens_details":{"reasoning_tokens":3} }
            """,
            TokenUsage(input: 12, output: 7, cachedInput: 4, cacheWrite: 2, reasoning: 3)
        ),
        (
            .openAIResponses,
            #"{"input_tokens":12,"input_tokens_details":{"cached_tokens":4},"output_tokens":0,"output_tokens_details":null}"#,
            TokenUsage(input: 12, output: 0, cachedInput: 4)
        ),
        (
            .anthropicMessages,
            """
            {"input_tokens":5,"cache_read_input_tokens":100,"cache_creation_input_tokens":20,
            "cache_creation":{"ephemeral_5m_input_tokens":20,"input_tokens":9},"output_tokens":6,
            "output_tokens_details":{"thinking_tokens":1},"service_tier":"standard"}
            """,
            TokenUsage(input: 125, output: 6, cachedInput: 100, cacheWrite: 20, reasoning: 1)
        ),
    ]

    @Test(arguments: samples)
    func `counts are read alike from bytes and from built values`(
        dialect: Dialect,
        text: String,
        expected: TokenUsage
    ) throws {
        let bytes = Array("[1,\(text)]".utf8)
        let inBytes = ReportedUsage(bytes.span, 3..<(bytes.count - 1), dialect)?.tokenUsage(dialect)
        let built = ReportedUsage(try JSONReader.read(Array(text.utf8)), dialect).tokenUsage(dialect)
        #expect(inBytes == expected)
        #expect(built == expected)
    }

    @Test(
        arguments: [
            // As xAI counts, whose total tells it.
            (12, 300, 352, 312), (12, 12, 52, 12), (312, 300, 352, 312), (12, 300, 400, 12), (12, 300, nil, 12),
            (12, 0, 52, 12), (0, 300, 340, 300),
        ] as [(Int, Int, Int?, Int)]
    )
    func `reasoning beside the output is a part of it`(output: Int, reasoning: Int, total: Int?, expected: Int) {
        let total = total.map { ",\"total_tokens\":\($0)" } ?? ""
        for (dialect, names) in [
            (Dialect.openAIChat, ("prompt_tokens", "completion_tokens")),
            (.openAIResponses, ("input_tokens", "output_tokens")),
        ] {
            let text = """
                {"\(names.0)":40,"\(names.1)":\(output)\(total),"\(names.1)_details":{"reasoning_tokens":\(reasoning)}}
                """
            let bytes = Array(text.utf8)
            let usage = ReportedUsage(bytes.span, 0..<bytes.count, dialect)?.tokenUsage(dialect)
            #expect(usage == TokenUsage(input: 40, output: expected, reasoning: reasoning), "\(text)")
        }
    }

    @Test func `a later report does not take back what was counted`() {
        func usage(_ text: String) -> ReportedUsage {
            let bytes = Array(text.utf8)
            return ReportedUsage(bytes.span, 0..<bytes.count, .anthropicMessages) ?? ReportedUsage()
        }
        var reported = usage(#"{"input_tokens":1000,"cache_read_input_tokens":500,"output_tokens":1}"#).beforeOutput
        #expect(reported.tokenUsage(.anthropicMessages) == TokenUsage(input: 1500, cachedInput: 500))
        reported.update(with: usage(#"{"input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0}"#))
        #expect(reported.tokenUsage(.anthropicMessages) == TokenUsage(input: 1500, output: 0, cachedInput: 500))
        reported.update(with: usage(#"{"input_tokens":900,"output_tokens":70}"#))
        #expect(reported.tokenUsage(.anthropicMessages) == TokenUsage(input: 1400, output: 70, cachedInput: 500))
    }

    @Test(
        arguments: [
            ("0", 0), ("12", 12), ("1000000000000", 1_000_000_000_000), ("1000000000001", nil), ("9999999999999", nil),
            ("99999999999999999999", nil), ("12.0", 12), ("1e3", 1000), ("-1", nil), ("-0", 0), ("012", nil),
            ("1.5", nil), ("null", nil), ("true", nil), ("\"12\"", nil), ("[12]", nil), ("{}", nil), ("1x", nil),
        ] as [(String, Int?)]
    )
    func `only a whole number that a request could cost is a count`(text: String, expected: Int?) {
        let bytes = Array(#"{"input_tokens":\#(text)}"#.utf8)
        let usage = ReportedUsage(bytes.span, 0..<bytes.count, .openAIResponses)
        #expect((usage ?? ReportedUsage()).tokenUsage(.openAIResponses) == TokenUsage(input: expected))
    }

    @Test(arguments: [
        "null", "[]", "12", "\"x\"", "{\"input_tokens\":1", "{\"input_tokens\" 1}", "",
        "{\"input_tokens\":1,\"input_tokens\":2}",
    ])
    func `what is no object, or contradicts itself, reports nothing`(text: String) {
        let bytes = Array(text.utf8)
        #expect(ReportedUsage(bytes.span, 0..<bytes.count, .openAIResponses) == nil)
    }
}
