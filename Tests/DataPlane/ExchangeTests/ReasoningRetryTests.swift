import Exchange
import Identity
import Testing

@Suite struct ReasoningRetryTests {
    private static func begins(
        _ text: String,
        _ dialect: Dialect,
        status: Int = 400,
        isStrict: Bool = false
    ) -> Bool {
        var retry = ReasoningRetry()
        return retry.begins(status: status, body: Array(text.utf8), dialect: dialect, isStrict: isStrict)
    }

    private static func anthropic(_ message: String) -> String {
        #"{"type":"error","error":{"type":"invalid_request_error","message":"\#(message)"},"request_id":"r"}"#
    }

    private static func openAI(_ message: String, code: String = "null") -> String {
        #"{"error":{"message":"\#(message)","type":"invalid_request_error","param":null,"code":\#(code)}}"#
    }

    @Test(arguments: [
        "messages.1.content.0: Invalid `signature` in `thinking` block", "Invalid `signature` in `thinking` block",
        "messages.13.content.2.thinking.signature: Invalid `signature` in `thinking` block.",
        "messages.3.content.0: Invalid `data` in `redacted_thinking` block",
        "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When `thinking` is",
    ])
    func `thoughts that Anthropic does not take or misses are a reason, of its targets only`(_ message: String) {
        let body = ReasoningRetryTests.anthropic(message)
        #expect(ReasoningRetryTests.begins(body, .anthropicMessages))
        #expect(!ReasoningRetryTests.begins(body, .openAIResponses))
        #expect(!ReasoningRetryTests.begins(body, .openAIChat))
    }

    @Test(arguments: [
        openAI("anything", code: #""invalid_encrypted_content""#),
        openAI("The encrypted content gAAA...DQ== could not be verified."),
        openAI("The encrypted content gAAA could not be verified. Reason: …", code: #""400""#),
    ])
    func `content that OpenAI cannot decrypt is a reason, of its targets only`(_ body: String) {
        #expect(ReasoningRetryTests.begins(body, .openAIResponses))
        #expect(!ReasoningRetryTests.begins(body, .anthropicMessages))
        #expect(!ReasoningRetryTests.begins(body, .openAIChat))
    }

    @Test(arguments: [
        anthropic("messages.1.content.0.text: Input should be a valid string: Invalid `signature` in `thinking` block"),
        anthropic("The text Invalid `signature` in `thinking` block is too long"),
        anthropic("messages.1 says hi: Invalid `signature` in `thinking` block"),
        anthropic("messages.1.content.0.thinking.signature: Field required"),
        anthropic("messages.1.content.0.text: Expected `text`, but found `thinking`"),
        anthropic("messages: text content blocks must be non-empty"), #"{"error":"Invalid `signature`"}"#, "", "[]",
        "Invalid `signature` in `thinking` block", #"{"error":{"message":7}}"#,
        openAI("The content could not be verified."), openAI("x", code: #""invalid_encrypted_contents""#),
        openAI("Unknown field: The encrypted content x could not be verified."),
    ])
    func `every other refusal stands`(_ body: String) {
        for dialect in Dialect.allCases { #expect(!ReasoningRetryTests.begins(body, dialect)) }
    }

    @Test(arguments: [401, 403, 413, 422, 429, 500, 200])
    func `another status stands`(_ status: Int) {
        let body = ReasoningRetryTests.anthropic("Invalid `signature` in `thinking` block")
        #expect(!ReasoningRetryTests.begins(body, .anthropicMessages, status: status))
    }

    @Test func `it happens once, and not to a strict request`() {
        let body = Array(ReasoningRetryTests.anthropic("Invalid `signature` in `thinking` block").utf8)
        var retry = ReasoningRetry()
        let begun = [true, false, false].map { isStrict in
            retry.begins(status: 400, body: body, dialect: .anthropicMessages, isStrict: isStrict)
        }
        #expect(begun == [false, true, false])
    }
}
