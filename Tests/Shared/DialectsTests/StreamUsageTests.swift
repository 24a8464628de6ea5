import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// What streams cost, as their fixtures say.
@Suite struct StreamUsageTests {
    static let expected: [String: TokenUsage] = [
        "openai-chat/comments-spaces": TokenUsage(input: 9, output: 14),
        "openai-chat/error-midway": TokenUsage(),
        "openai-chat/error-object": TokenUsage(),
        "openai-chat/filter-first": TokenUsage(input: 5, output: 1),
        "openai-chat/text": TokenUsage(),
        "openai-chat/tools-parallel": TokenUsage(input: 1204, output: 37, cachedInput: 1024, reasoning: 12),
        "openai-chat/two-choices": TokenUsage(input: 1204, output: 37, cachedInput: 1024, reasoning: 12),
        "openai-chat/two-lines": TokenUsage(input: 3, output: 2),
        "openai-chat/usage-chunk": TokenUsage(input: 1204, output: 37, cachedInput: 1024, reasoning: 12),
        "openai-chat/usage-null-in-each": TokenUsage(input: 1204, output: 37, cachedInput: 1024, reasoning: 12),
        "openai-chat/vllm-running-usage": TokenUsage(input: 18, output: 3),
        "openai-chat/without-done": TokenUsage(input: 1204, output: 37, cachedInput: 1024, reasoning: 12),
        "openai-responses/error": TokenUsage(),
        "openai-responses/failed": TokenUsage(input: 400_000, output: 0),
        "openai-responses/incomplete": TokenUsage(input: 12, output: 16, cachedInput: 0, reasoning: 0),
        "openai-responses/reasoning": StreamUsageTests.responses,
        "openai-responses/text": StreamUsageTests.responses,
        "openai-responses/tools": StreamUsageTests.responses,
        "openai-responses/without-names": StreamUsageTests.responses,
        // Messages: what was read from and written to the cache is added to the input.
        "anthropic-messages/cached": TokenUsage(input: 9310, output: 4, cachedInput: 9000, cacheWrite: 300),
        "anthropic-messages/cumulative": TokenUsage(
            input: 61,
            output: 7,
            cachedInput: 30,
            cacheWrite: 20,
            reasoning: 3
        ),
        // The output that a beginning tells only holds the place of the one that an end tells.
        "anthropic-messages/error-midway": TokenUsage(input: 25, cachedInput: 0, cacheWrite: 0),
        "anthropic-messages/ping-first": TokenUsage(input: 25, output: 2, cachedInput: 0, cacheWrite: 0),
        "anthropic-messages/text": TokenUsage(input: 25, output: 15, cachedInput: 0, cacheWrite: 0),
        "anthropic-messages/thinking": TokenUsage(
            input: 25,
            output: 40,
            cachedInput: 0,
            cacheWrite: 0,
            reasoning: 31
        ),
        "anthropic-messages/tools": TokenUsage(input: 25, output: 88, cachedInput: 0, cacheWrite: 0),
    ]
    static let responses = TokenUsage(input: 2210, output: 96, cachedInput: 2048, cacheWrite: 128, reasoning: 64)

    @Test(arguments: StreamFixtureTests.fixtures)
    func `a stream costs what its provider reports`(_ fixture: StreamFixture) throws {
        let expected = try #require(StreamUsageTests.expected[fixture.description])
        #expect(WatchedStream(fixture).watch.usage == expected)
        #expect(WatchedStream(fixture.ending(with: .crlf)).watch.usage == expected)
    }

    @Test(
        arguments: ["-1", "1e400", "99999999999999999999", "9223372036854775807", "1.5", "\"12\"", "null", "[]", "{}"]
    )
    func `a number of tokens that cannot be is not reported`(_ number: String) {
        let chat = WatchedStream(
            .openAIChat,
            events: [#"data: {"choices":[],"usage":{"prompt_tokens":\#(number),"completion_tokens":2}}"# + "\n\n"]
        )
        #expect(chat.watch.usage == TokenUsage(output: 2))
        let responses = WatchedStream(
            .openAIResponses,
            events: [
                #"data: {"type":"response.completed","response":{"usage":{"input_tokens":\#(number),"output_tokens":2}}}"#
                    + "\n\n"
            ]
        )
        #expect(responses.watch.usage == TokenUsage(output: 2))
        let messages = WatchedStream(
            .anthropicMessages,
            events: [
                #"data: {"type":"message_delta","usage":{"input_tokens":\#(number),"output_tokens":2,"cache_read_input_tokens":\#(number)}}"#
                    + "\n\n"
            ]
        )
        #expect(messages.watch.usage == TokenUsage(output: 2))
    }

    @Test func `the largest counts that are believed do not overflow their sum`() {
        let most = "1000000000000"
        let stream = WatchedStream(
            .anthropicMessages,
            events: [
                #"data: {"type":"message_delta","usage":{"input_tokens":\#(most),"cache_read_input_tokens":\#(most),"cache_creation_input_tokens":\#(most)}}"#
                    + "\n\n"
            ]
        )
        #expect(stream.watch.usage.input == 3_000_000_000_000)
    }

    @Test func `usage of a wrong shape is not reported`() {
        for usage in ["7", "\"much\"", "[1]", "{", "{\"prompt_tokens\":1,\"prompt_tokens\":2}"] {
            let stream = WatchedStream(.openAIChat, events: ["data: {\"choices\":[],\"usage\":\(usage)}\n\n"])
            #expect(!stream.watch.usage.isReported)
        }
    }

    @Test func `a later report replaces what it names and nothing else`() {
        var usage = TokenUsage(input: 1, output: 2, cachedInput: 3)
        usage.update(with: TokenUsage(output: 0, reasoning: 4))
        #expect(usage == TokenUsage(input: 1, output: 0, cachedInput: 3, reasoning: 4))
        #expect(!TokenUsage().isReported)
        #expect(TokenUsage(input: 0).isReported)
    }
}
