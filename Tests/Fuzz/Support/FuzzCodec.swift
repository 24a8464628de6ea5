import Canonical
import Dialects
import Identity
import Wire

/// The codec and the stream decoder of each dialect.
enum FuzzCodec {
    static func codec(_ dialect: Dialect) -> any DialectCodec.Type {
        switch dialect {
        case .openAIChat: OpenAIChat.self
        case .openAIResponses: OpenAIResponses.self
        case .anthropicMessages: AnthropicMessages.self
        }
    }

    static func streamDecoder(_ dialect: Dialect) -> any DialectStreamDecoder {
        switch dialect {
        case .openAIChat: OpenAIChatStreamDecoder()
        case .openAIResponses: OpenAIResponsesStreamDecoder()
        case .anthropicMessages: AnthropicMessagesStreamDecoder()
        }
    }

    static func others(than dialect: Dialect) -> [Dialect] { Dialect.allCases.filter { $0 != dialect } }

    /// What the answers answer: no tools, and a text to stop at.
    static var encodedRequest: EncodedRequest {
        guard let aliases = try? ToolAliases([]) else { fatalError("no names for no tools") }
        return EncodedRequest(body: .null, aliases: aliases, emulatedStops: ["stop"])
    }

    /// A caller that wants all that an answer can tell.
    static var context: AnswerContext {
        var request = ModelRequest(model: "model")
        request.reasoning.wantsOpaque = true
        request.reasoning.wantsSummary = true
        request.includesUsage = true
        request.stream = true
        return AnswerContext(
            requestID: "0123456789",
            model: "model",
            createdAt: 1,
            request: request,
            estimatedInputTokens: 1
        )
    }
}
