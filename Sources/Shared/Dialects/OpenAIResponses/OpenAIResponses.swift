import Canonical

/// The codec of OpenAI Responses: requests and whole answers.
///
/// Streams have ``OpenAIResponsesStreamDecoder`` and ``OpenAIResponsesStreamEncoder``.
package enum OpenAIResponses: DialectCodec {
    /// What a tool search that the client runs is called: its definition has no name of its own.
    static let toolSearchName = ToolName("tool_search")
    /// The lowest cap on output tokens that OpenAI takes.
    static let minimumOutputTokens = 16
}
