import Canonical
import Dialects
import Identity
import Testing
import Wire

/// Whole answers, and what only looks like one.
@Suite struct AnswerCheckTests {
    private func check(_ text: String, _ dialect: Dialect) -> AnswerCheck {
        self.check(Array(text.utf8), dialect)
    }

    private func check(_ bytes: [UInt8], _ dialect: Dialect) -> AnswerCheck {
        AnswerCheck.check(bytes.span, dialect: dialect)
    }

    @Test func `an answer of each dialect tells its usage`() {
        #expect(
            self.check(
                #"""
                {"id":"chatcmpl-1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant",
                "content":"a } ] \" error"},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":12,
                "total_tokens":21,"prompt_tokens_details":{"cached_tokens":4}},"error":null}
                """#,
                .openAIChat
            ) == .answer(TokenUsage(input: 9, output: 12, cachedInput: 4))
        )
        #expect(
            self.check(
                #"{"object":"response","status":"completed","error":null,"output":[],"usage":{"input_tokens":3,"#
                    + #""output_tokens":4,"output_tokens_details":{"reasoning_tokens":2}}}"#,
                .openAIResponses
            ) == .answer(TokenUsage(input: 3, output: 4, reasoning: 2))
        )
        #expect(
            self.check(
                #"{"type":"message","content":[{"type":"text","text":"error"}],"usage":{"input_tokens":3,"#
                    + #""cache_read_input_tokens":30,"cache_creation_input_tokens":300,"output_tokens":4}}"#,
                .anthropicMessages
            ) == .answer(TokenUsage(input: 333, output: 4, cachedInput: 30, cacheWrite: 300))
        )
    }

    @Test(arguments: Dialect.allCases)
    func `an answer without usage is one`(_ dialect: Dialect) {
        for usage in ["", #","usage":null"#, #","usage":7"#, #","usage":{"#] {
            let text = #" {"choices":[{"message":{}}],"output":[],"content":[]\#(usage)} "#
            #expect(self.check(text, dialect) == (usage.hasSuffix("{") ? .garbage : .answer(TokenUsage())))
        }
    }

    @Test func `a list of choices without one is no answer`() {
        for choices in ["[]", "[ ]", "[\n]", "[{}]", "[{\"delta\":{}}]"] {
            #expect(self.check("{\"choices\":\(choices),\"usage\":null}", .openAIChat) == .garbage)
        }
        #expect(self.check(#"{"output":[]}"#, .openAIResponses) == .answer(TokenUsage()))
        #expect(self.check(#"{"content":[]}"#, .anthropicMessages) == .answer(TokenUsage()))
    }

    @Test(arguments: Dialect.allCases)
    func `an error inside a success is a failure`(_ dialect: Dialect) {
        for text in [
            #"{"error":{"message":"x"}}"#, #"{"error":"x"}"#, #"{"type":"error","error":{"type":"overloaded_error"}}"#,
            #"{"object":"error","message":"CUDA"}"#, #"{"error":{},"error":null}"#,
            #"{"choices":[],"output":[],"content":[],"error":{"code":"server_error","message":"sk-canary"}}"#,
            #"{"choices":null,"output":7,"content":[5],"error":{"code":"server_error","message":"sk-canary"}}"#,
        ] {
            #expect(self.check(text, dialect) == .failure(TokenUsage()), "\(text)")
        }
    }

    @Test(arguments: Dialect.allCases)
    func `what is no answer of the dialect is garbage`(_ dialect: Dialect) {
        for text in [
            "", " ", "null", "[]", "[{}]", "\"choices\"", "<html><body>502</body></html>", "{}", "{", "{\"", "{\"a\"",
            "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}",
            #"{"choices":null,"output":null,"content":null}"#, #"{"choices":{},"output":"","content":"text"}"#,
            #"{"choices":[],"output":[],"content":[]"#, #"{"choices":[],"output":[],"content":[]} x"#,
            #"{"choices":[],"output":[],"content":[]}{}"#, #"x{"choices":[],"output":[],"content":[]}"#,
            "\u{feff}" + #"{"choices":[],"output":[],"content":[]}"#, #"{"data":{"choices":[]}}"#,
            #"{"choices":[{"message":"#, #"{"choices":[],"output":[],"content":[],"x":"\"}"#,
        ] {
            #expect(self.check(text, dialect) == .garbage, "\(text)")
        }
    }

    @Test(arguments: Dialect.allCases)
    func `brackets and quotes that only look right are garbage`(_ dialect: Dialect) {
        for value in ["[}]", "[{]", "{]", "[1}", "[1,]", "{\"a\":}", "[NaN]", "[\"\\x\"]", "[\"\u{1}\"]", "tru", "01"] {
            let text = "{\"choices\":[{\"message\":{}}],\"output\":[],\"content\":[],\"x\":\(value)}"
            #expect(self.check(text, dialect) == .garbage, "\(text)")
        }
    }

    @Test func `what an answer is in is of its type`() {
        for choice in [
            "7", "\"text\"", "[]", "null", #"{"message":5}"#, #"{"message":null}"#, #"{"message":{"content":5}}"#,
            #"{"message":{"content":{}}}"#, #"{"message":{"tool_calls":{}}}"#, #"{"message":{"refusal":[]}}"#,
            #"{"message":{"content":"a"}},{"message":"b"}"#,
        ] {
            #expect(self.check("{\"choices\":[\(choice)]}", .openAIChat) == .garbage, "\(choice)")
        }
        for item in ["7", "\"text\"", "[]", "null"] {
            #expect(self.check("{\"output\":[\(item)]}", .openAIResponses) == .garbage, "\(item)")
            #expect(self.check("{\"content\":[\(item)]}", .anthropicMessages) == .garbage, "\(item)")
        }
        #expect(self.check(#"{"content":[{"type":"text","text":5}]}"#, .anthropicMessages) == .garbage)
        for message in [
            #"{"content":null,"refusal":null,"tool_calls":null}"#, #"{"content":[{"type":"text","text":"a"}]}"#,
            #"{"content":"a","later":5,"tool_calls":[{"content":7}]}"#,
        ] {
            let text = #"{"message":5,"choices":[{"later":7,"error":null,"message":\#(message)}]}"#
            #expect(self.check(text, .openAIChat) == .answer(TokenUsage()), "\(text)")
        }
        let blocks = #"{"content":[{"type":"later","x":[{"text":5}]},{"type":"text","text":"a"}]}"#
        #expect(self.check(blocks, .anthropicMessages) == .answer(TokenUsage()))
    }

    @Test func `a choice or a status that says so is a failure`() {
        let choice = #"{"choices":[{"error":{"code":502},"message":{"content":""},"finish_reason":"error"}]}"#
        #expect(self.check(choice, .openAIChat) == .failure(TokenUsage()))
        for status in ["failed", "cancelled"] {
            let text = #"{"status":"\#(status)","error":null,"output":[],"usage":{"input_tokens":7,"output_tokens":2}}"#
            #expect(self.check(text, .openAIResponses) == .failure(TokenUsage(input: 7, output: 2)))
        }
        for status in ["completed", "incomplete", "queued"] {
            let text = #"{"status":"\#(status)","error":null,"output":[]}"#
            #expect(self.check(text, .openAIResponses) == .answer(TokenUsage()))
        }
    }

    @Test func `an answer of another dialect is garbage`() {
        #expect(self.check(#"{"choices":[]}"#, .anthropicMessages) == .garbage)
        #expect(self.check(#"{"content":[]}"#, .openAIResponses) == .garbage)
        #expect(self.check(#"{"output":[]}"#, .openAIChat) == .garbage)
    }

    @Test(arguments: Dialect.allCases)
    func `an answer that is cut anywhere is garbage`(_ dialect: Dialect) {
        let text =
            #"{"a":{"b":["}",1]},"choices":[{"message":{"x":"é\\\""}}],"output":[{"y":[]}],"content":[{}],"usage":{"c":-1.5e3}}"#
        let bytes = Array(text.utf8)
        for count in 0..<bytes.count {
            #expect(self.check(Array(bytes[..<count]), dialect) == .garbage)
        }
        #expect(self.check(bytes, dialect) == .answer(TokenUsage()))
    }

    @Test func `large and deep answers are walked once`() {
        let deep = String(repeating: "[", count: 50_000)
        #expect(self.check("{\"choices\":\(deep)", .openAIChat) == .garbage)
        #expect(self.check("{\"choices\":\(deep)\(String(repeating: "]", count: 50_000))}", .openAIChat) == .garbage)
        let wide = String(repeating: "\"usage\":{\"prompt_tokens\":1},", count: 5000)
        #expect(self.check("{\(wide)\"choices\":[{\"message\":{}}]}", .openAIChat) == .answer(TokenUsage(input: 1)))
        let long = String(repeating: " ", count: 100_000)
        #expect(
            self.check("{\"choices\":[{\"message\":{}}],\"usage\":{\(long)}}", .openAIChat) == .answer(TokenUsage())
        )
    }
}
