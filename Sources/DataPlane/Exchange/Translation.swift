package import Canonical
package import Dialects
package import Identity
package import Wire

/// One exchange between a caller and a target of different dialects: what the target is sent, and how its answer is
/// brought back.
package struct Translation: Sendable {
    package let caller: Dialect
    package let target: Dialect
    /// The request in the target's dialect.
    package private(set) var body: JSONPieces
    /// Fields that the target is not told, joined by commas; nil when it is told all.
    package let dropped: String?
    private let encoded: EncodedRequest
    private let context: AnswerContext
    private let seal: AnswerRestoration.Seal

    init(
        caller: Dialect,
        target: Dialect,
        written: RequestTranslation.Written,
        size: Int,
        context: AnswerContext,
        seal: @escaping AnswerRestoration.Seal
    ) {
        self.caller = caller
        self.target = target
        self.body = JSONWriter.pieces(of: written.encoded.body, size: size)
        self.dropped = written.losses.isEmpty ? nil : written.losses.headerValue
        self.encoded = written.encoded.withoutBody
        self.context = context
        self.seal = seal
    }

    /// What bringing the answer back takes: the request is not kept while an answer lasts.
    package var withoutBody: Translation {
        var rest = self
        rest.body = JSONPieces()
        return rest
    }

    /// A whole answer in the caller's dialect.
    package struct Answer: Hashable, Sendable {
        package var body: [UInt8]
        package var usage: TokenUsage
        /// Whether `usage` holds estimates in place of what the provider did not tell.
        package var isUsageEstimated: Bool
    }

    /// What a whole answer of the target is for the caller.
    package func answer(_ bytes: [UInt8], as retelling: Retelling = Retelling()) -> Result<Answer, AttemptFailure> {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONReader.read(bytes, maximumValues: WholeBody.maximumValues)
        } catch {
            return .failure(error.problem == .tooManyValues ? .tooLarge : .garbage)
        }
        do throws(AnswerProblem) {
            let translated = try AnswerTranslation(
                of: value,
                from: self.target,
                to: self.caller,
                request: self.encoded,
                context: self.context,
                seal: self.seal
            )
            return .success(
                Answer(
                    body: JSONWriter.write(translated.body),
                    usage: translated.usage,
                    isUsageEstimated: translated.isUsageEstimated
                )
            )
        } catch {
            guard error.failure == .reported else { return .failure(AttemptFailure(error.failure)) }
            return .failure(AttemptFailure(reportedIn: value, as: retelling))
        }
    }

    /// The way of a streamed answer.
    package var stream: StreamTranslation {
        StreamTranslation(
            from: self.target,
            to: self.caller,
            request: self.encoded,
            context: self.context,
            seal: self.seal
        )
    }
}
