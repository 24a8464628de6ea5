/// What routing reads of a caller's body: where the few members stand that a same-dialect forward may change.
///
/// Made from one scan of the body, which has checked that the whole is JSON without twin names.
package struct RequestOutline: Hashable, Sendable {
    /// Behind the object's opening brace: where a member can be inserted.
    package var objectStart: Int
    package var model: String
    /// The value of `model`, quotes included.
    package var modelRange: Range<Int>
    package var stream: Bool
    /// The value of `stream_options`, nil when the member is missing.
    package var streamOptionsRange: Range<Int>?
    /// Whether the caller asked for usage in a Chat stream.
    package var includesUsage: Bool
    /// The string `previous_response_id`; nil when the member is missing or no string.
    package var previousResponseID: String?
    /// The value of `previous_response_id`, quotes included.
    package var previousResponseIDRange: Range<Int>?
    /// Whether the request belongs to a `conversation` that a provider keeps.
    package var namesConversation = false
    /// False when the caller said that the provider is not to keep the response.
    package var keepsResponse = true

    /// What the caller calls its session, or the user whose it is; nil where it says neither.
    package var session: String?

    /// What it asks for beyond these members.
    package var content = ContentOutline()

    /// Whether the request continues something that a provider keeps.
    package var namesKept: Bool { self.previousResponseID != nil || self.namesConversation }

    package init(
        objectStart: Int,
        model: String,
        modelRange: Range<Int>,
        stream: Bool,
        streamOptionsRange: Range<Int>? = nil,
        includesUsage: Bool = false
    ) {
        self.objectStart = objectStart
        self.model = model
        self.modelRange = modelRange
        self.stream = stream
        self.streamOptionsRange = streamOptionsRange
        self.includesUsage = includesUsage
    }
}
