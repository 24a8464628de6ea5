/// The codec of OpenAI Chat Completions: requests and whole answers.
///
/// Streams have ``OpenAIChatStreamDecoder`` and ``OpenAIChatStreamEncoder``.
package enum OpenAIChat: DialectCodec {
    /// The most texts that `stop` takes.
    static let maximumStops = 4
    /// What is echoed for a caller that still speaks of functions: its answer takes that older shape.
    static let functionsEcho = "functions"
    /// The media types of images that all three dialects take.
    static let imageTypes: Set<String> = ["image/png", "image/jpeg", "image/gif", "image/webp"]
}
