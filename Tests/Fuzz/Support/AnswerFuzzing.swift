import Canonical
import Dialects
import Identity
import Wire

/// What must hold for every body that a provider answers with: it is no answer, or all callers can be told it.
enum AnswerFuzzing {
    static func check(_ target: Dialect, _ bytes: [UInt8]) {
        guard let body = try? JSONReader.read(bytes) else { return }
        guard let answer = try? FuzzCodec.codec(target).decodeAnswer(body) else { return }
        FuzzInput.require(ModelResponse(folding: answer.events) != nil, "an answer whose steps do not tell its end")
        for caller in FuzzCodec.others(than: target) {
            let translated = try? AnswerTranslation(
                of: body,
                from: target,
                to: caller,
                request: FuzzCodec.encodedRequest,
                context: FuzzCodec.context,
                seal: { _, payload in payload }
            )
            guard let translated else { fatalError("an answer that is read alone but not for \(caller)") }
            JSONFuzzing.requireReadable(translated.body, "an answer for \(caller)")
            let again = try? FuzzCodec.codec(caller).decodeAnswer(translated.body)
            FuzzInput.require(again != nil, "our answer for \(caller) is none for our own decoder")
        }
    }
}
