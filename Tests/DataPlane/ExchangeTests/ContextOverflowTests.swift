import Dialects
import Exchange
import Identity
import Testing

/// A request that is too long is told in the words that the caller's client acts on.
@Suite struct ContextOverflowTests {
    private func told(_ body: String, to caller: Dialect) -> String {
        let error = UpstreamRefusal.classify(
            status: 400,
            retryAfter: nil,
            body: Array(body.utf8),
            as: Retelling(translatedFor: caller)
        ).callerError
        #expect(error.status == 400 && error.shouldRetry == false && error.parameter == nil)
        return "\(error.code): \(error.message)"
    }

    @Test(arguments: [
        (
            #"{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.","code":"context_length_exceeded","param":"messages"}"#,
            "prompt is too long: 9001 tokens > 8192 maximum"
        ),
        (
            #"{"message":"This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (1000 in the messages, 4000 in the completion).","code":400}"#,
            "input length and `max_tokens` exceed context limit: 1000 + 4000 > 4096, decrease input length or "
                + "`max_tokens` and try again"
        ),
        (
            #"{"message":"Your input exceeds the context window of this model.","code":"context_length_exceeded"}"#,
            "prompt is too long"
        ),
    ])
    func `Messages callers are told of OpenAI's limit in Anthropic's words`(_ error: String, _ words: String) {
        let told = self.told("{\"error\":\(error)}", to: .anthropicMessages)
        #expect(told == "context_length_exceeded: \(words)")
    }

    @Test(arguments: [Dialect.openAIChat, .openAIResponses])
    func `OpenAI's callers are told of Anthropic's limit by OpenAI's code`(_ caller: Dialect) {
        let long = "prompt is too long: 210000 tokens > 200000 maximum"
        #expect(
            self.told(
                "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"\(long)\"}}",
                to: caller
            )
                == "context_length_exceeded: This model's maximum context length is 200000 tokens. However, the request "
                + "has 210000 tokens."
        )
    }

    @Test func `what a refusal quotes is no limit`() {
        let told = self.told(#"{"error":{"message":"bad value: prompt is too long: 2 > 1"}}"#, to: .openAIChat)
        #expect(told == "invalid-request: bad value: prompt is too long: 2 > 1")
    }

    @Test(arguments: [
        "prompt is too long: 99999999999999999999999 tokens > 5 maximum", "prompt is too long: 900 > 20 maximum",
        "prompt is too long: 5000 tokens > 5000 maximum", "Input for gpt-5.1 exceeds the context window",
        "gpt-4o-2024-11-20: prompt exceeds context length", "Model 3 has no room for 5000 tokens",
        "llama-3.3-70b at 10.0.0.1:8000 exceeds its context",
        "This model's maximum context length is 4k tokens, not 9.",
        "input length and `max_tokens` exceed context limit: 1 + 2 > 3",
        "input length and `max_tokens` exceed context limit: 9223372036854775807 + 9223372036854775807 > 9",
    ])
    func `numbers that make no sense are not told`(_ text: String) {
        let told = self.told(
            "{\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"\(text)\"}}",
            to: .anthropicMessages
        )
        #expect(told == "context_length_exceeded: prompt is too long")
    }

    @Test(arguments: [
        ("The input token count (1200000) exceeds the maximum number of tokens (1000000).", 1_200_000, 1_000_000),
        ("gpt-4.1-2025: this model has 2000 tokens, and you asked for 3000 tokens.", 3000, 2000),
        ("This model's maximum context length is 512 tokens. However, you sent 600 tokens.", 600, 512),
    ])
    func `numbers that stand alone are told`(_ text: String, _ need: Int, _ have: Int) {
        let told = self.told(
            "{\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"\(text)\"}}",
            to: .anthropicMessages
        )
        #expect(told == "context_length_exceeded: prompt is too long: \(need) tokens > \(have) maximum")
    }
}
