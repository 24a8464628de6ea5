/// The codec of Anthropic Messages: requests and whole answers.
///
/// Streams have ``AnthropicMessagesStreamDecoder`` and ``AnthropicMessagesStreamEncoder``.
package enum AnthropicMessages: DialectCodec {
    /// The output cap where neither caller nor target names one: what Claude Code asks of a model it does not know.
    static let defaultMaximumTokens = 32_000
    /// The least tokens that a thinking budget may have.
    static let minimumBudget = 1_024
    /// Holds arguments that are no JSON object, where only an object can stand.
    static let rawArgument = "__raw"
    /// How Claude Code's note to Anthropic begins, which is for no other provider's model.
    static let billingHeader = "x-anthropic-billing-header:"
    /// A tool that Claude Code sends to keep deferred loading on and that must never be called.
    static let placeholderTool = "DeferredToolPlaceholder"
}
