/// The codec of OpenAI Chat Completions: requests and whole answers.
///
/// Streams have ``OpenAIChatStreamDecoder`` and ``OpenAIChatStreamEncoder``.
package enum OpenAIChat: DialectCodec {
    /// The most texts that `stop` takes.
    static let maximumStops = 4
    /// What is echoed for a caller that still speaks of functions: its answer takes that older shape.
    static let functionsEcho = "functions"
}
