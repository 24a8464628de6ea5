package import Canonical

/// Writes a stream for a caller; pure.
package protocol DialectStreamEncoder: Sendable {
    init(_ context: AnswerContext)

    /// The bytes of whole events that tell one step; none for what the dialect has no word for.
    ///
    /// `failed` is not passed: ``failure(_:)`` says it, as the words are the gateway's.
    mutating func encode(_ event: ModelEvent, into bytes: inout [UInt8])

    /// The dialect's own terminal error; whatever is open stays unfinished.
    mutating func failure(_ error: CallerError, into bytes: inout [UInt8])
}
