import Canonical
import Identity
import CurlTransport
import Dialects
import Exchange
import NIOCore
import Routing
import Wire

/// How many input tokens a Messages request has: from a provider that counts, else an estimate that is marked as one.
extension ExchangeSession {
    func countTokens() {
        guard let (body, outline, group) = self.readRequest(), let images = self.review(outline, in: body) else {
            return
        }
        self.dialect = .anthropicMessages
        let plan = self.loop.health.preview(
            group,
            dialect: .anthropicMessages,
            needs: RequestNeeds(),
            self.circumstances(outline)
        )
        let counting = plan.candidates.first { $0.dialect == .anthropicMessages }
        // Who counts may fetch images and documents; for a number nobody is sent to a server that has not been looked up.
        guard let target = counting?.target, images.hosts.isEmpty else { return self.answerEstimate(of: body, outline) }
        self.counted = (body, outline)
        // Nothing is lost by it: the target would not be told it with the request either.
        let rest = outline.content.sealedReasoning ? self.withoutSealedReasoning(body, .anthropicMessages) : nil
        self.begin(
            target,
            dialect: .anthropicMessages,
            request: UpstreamRequest.forward(
                target: target,
                dialect: .anthropicMessages,
                pathSuffix: "/count_tokens",
                body: rest?.body ?? body,
                outline: rest?.outline ?? outline,
                facts: self.facts,
                requestID: self.requestIDText,
                timeouts: self.timeouts(of: target, in: group)
            ),
            relay: RelayStateMachine(dialect: .anthropicMessages, isStream: false, hidesUsage: false)
        )
    }

    /// The provider's count; an estimate when what came is none.
    func answerCount(_ answer: ByteBuffer) {
        let bytes = answer.readableBytesUInt8Span
        let count = JSONMemberWalk.value(of: "input_tokens", in: bytes).flatMap { JSONMemberWalk.read(bytes, $0) }
        guard let count = count?.intValue, count >= 0 else { return self.fail(.garbage) }
        self.counted = nil
        self.answerJSON(["input_tokens": .int(count)])
    }

    /// A provider that does not count, or cannot now, is no reason to leave the caller without a number.
    func answerEstimate(of body: [UInt8], _ outline: RequestOutline) {
        self.counted = nil
        self.record.isUsageEstimated = true
        do throws(TranslationRefusal) {
            let value = try WholeBody.read(body)
            let count = try RequestTranslation.estimatedInputTokens(ofCountRequest: value)
            self.answerJSON(["input_tokens": .int(count)], extra: [("x-router-estimated", "true")])
        } catch {
            self.refuse(CallerError(error))
        }
    }
}
