package import Canonical
package import Wire

/// The translations of one dialect to and from the model in the middle: requests and whole answers.
///
/// Each dialect's folder has one file per direction. Streams have types of their own, as they have state:
/// ``DialectStreamDecoder`` and ``DialectStreamEncoder``.
package protocol DialectCodec {
    /// Reads a caller's request; `body` is JSON that was checked for twin names and depth.
    ///
    /// Throws for members of a wrong type and for what no other dialect can be told. What the model in the middle
    /// has no place for is added to `losses`.
    static func decodeRequest(
        _ body: JSONValue,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> ModelRequest

    /// Writes a request for a target; opaque reasoning is `native` to it or gone, and turns are in order.
    static func encodeRequest(
        _ request: ModelRequest,
        for target: TargetTraits,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> EncodedRequest

    /// Reads a provider's whole answer.
    static func decodeAnswer(_ body: JSONValue) throws(AnswerProblem) -> ModelResponse

    /// Writes a whole answer for a caller; opaque reasoning is `sealed` or gone.
    static func encodeAnswer(_ answer: ModelResponse, _ context: AnswerContext) -> JSONValue
}
