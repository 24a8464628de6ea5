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
