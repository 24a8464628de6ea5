package import Canonical
import Contract
package import Dialects
package import Identity
package import Routing
package import Wire

/// A caller's request as it is offered to targets of other dialects: read once for all that are passed over, and
/// anew after an attempt that failed.
///
/// An object: what is kept of a request while targets are tried is moved often, and this is large.
package final class RequestTranslator: Sendable {
    /// What of the exchange a translation must know beside the request.
    package struct Circumstances: Sendable {
        package var requestID: String
        /// The name under which the caller asked.
        package var model: String
        /// Seconds since 1970.
        package var createdAt: Int
        /// What the request costs in input tokens by its mere size; for answers that do not tell.
        package var inputTokens: Int
        /// Whether anything lost that is not harmless is to be a refusal.
        package var isStrict: Bool
        /// The code that reasoning is sealed with and end users get their pseudonyms by.
        package var mac: ReasoningEnvelope.MAC

        package init(
            requestID: String,
            model: String,
            createdAt: Int,
            inputTokens: Int,
            isStrict: Bool,
            mac: @escaping ReasoningEnvelope.MAC
        ) {
            self.requestID = requestID
            self.model = model
            self.createdAt = createdAt
            self.inputTokens = inputTokens
            self.isStrict = isStrict
            self.mac = mac
        }
    }

    package let caller: Dialect
    private let circumstances: Circumstances
    private let request: RequestTranslation
    private let size: Int

    /// Reads the body; the refusal says what in it no other dialect can be told.
    ///
    /// `size` is how many bytes the body has: about as many are written.
    package init(
        _ caller: Dialect,
        body: JSONValue,
        size: Int = 0,
        _ circumstances: Circumstances
    ) throws(TranslationRefusal) {
        self.caller = caller
        self.circumstances = circumstances
        self.size = size
        self.request = try RequestTranslation(caller, body: body)
    }

    /// Whether the target made the reasoning that the conversation carries, and so should go on serving it.
    package func isMaker(_ target: Target) -> Bool {
        self.request.affinity { ReasoningEnvelope.maker(of: $0, mac: self.circumstances.mac) }
            == target.reasoningBinding
    }

    /// What the answer says the request costs where the provider does not, or not yet.
    ///
    /// A Messages stream tells it at its beginning, and callers go by that: the words are looked at. Elsewhere it is
    /// only for providers that never tell, for which the words are not kept.
    private var estimatedInputTokens: Int {
        self.caller == .anthropicMessages && self.request.request.stream
            ? self.request.estimatedInputTokens : self.circumstances.inputTokens
    }

    /// Writes the request for a target that is asked in `dialect`.
    ///
    /// `carriesReasoning`: false for a target that refused its own.
    package func translation(
        for target: Target,
        in dialect: Dialect,
        carriesReasoning: Bool = true
    ) throws(TranslationRefusal) -> Translation {
        let mac = self.circumstances.mac
        let binding = target.reasoningBinding
        let written = try self.request.written(
            for: dialect,
            TargetTraits(target, dialect: dialect, now: self.circumstances.createdAt * 1_000),
            pseudonym: { EndUser.pseudonym(of: $0, mac: mac) },
            open: { carriesReasoning ? ReasoningEnvelope.open($0, for: binding, mac: mac) : .foreign }
        )
        if self.circumstances.isStrict,
            let loss = HarmlessLosses.firstSerious(in: written.losses, of: self.caller)
        {
            throw TranslationRefusal.strict(loss.field)
        }
        return Translation(
            caller: self.caller,
            target: dialect,
            written: written,
            // Some more than the caller's own: other dialects use more words.
            size: self.size + self.size / 8 + 512,
            context: AnswerContext(
                requestID: self.circumstances.requestID,
                model: self.circumstances.model,
                createdAt: self.circumstances.createdAt,
                request: self.request.request,
                estimatedInputTokens: self.estimatedInputTokens
            ),
            seal: { ReasoningEnvelope.seal($0, $1, by: binding, mac: mac) }
        )
    }
}

extension Target {
    /// By what the target's reasoning is known again.
    package var reasoningBinding: ReasoningBinding {
        ReasoningBinding(provider: self.provider.id, model: self.model.id)
    }
}

extension TranslationRefusal {
    /// For a member that a target would not be told of in a request that is to lose nothing.
    package static func strict(_ field: String) -> TranslationRefusal {
        TranslationRefusal(
            field,
            "would be lost on the way to this model, and the request is strict",
            code: .unsupportedParameter
        )
    }
}

extension CallerError {
    /// The 400 that names the field.
    package init(_ refusal: TranslationRefusal) {
        self.init(
            status: 400,
            code: refusal.code.rawValue,
            message: "The field `\(refusal.field)` is not usable: it \(refusal.message).",
            parameter: refusal.field,
            shouldRetry: false
        )
    }
}
