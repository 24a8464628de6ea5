import Canonical
import Contract
import Dialects
import Exchange
import Identity
import NIOCore
import Routing
import Sealing
import Telemetry
import Wire

/// The request as targets of other dialects, or other makers of reasoning, are told it.
extension ExchangeSession {
    /// The request as other dialects are told it, read once for all candidates that are passed over.
    func translator(of dispatch: inout Dispatch) -> Result<RequestTranslator, TranslationRefusal> {
        if let made = dispatch.translator { return made }
        let made = self.translator(of: dispatch.request, dispatch.marks)
        dispatch.translator = made
        return made
    }

    /// The request as other dialects are told it, read anew.
    func translator(
        of request: CallerRequest,
        _ marks: JSONMarks = JSONMarks()
    ) -> Result<RequestTranslator, TranslationRefusal> {
        guard let key = self.pepperKeys?.reasoning else {
            return .failure(TranslationRefusal("body", "cannot be translated now"))
        }
        let circumstances = RequestTranslator.Circumstances(
            requestID: self.requestIDText,
            model: request.outline.model,
            createdAt: WallClock.now() / 1000,
            inputTokens: self.record.needs?.inputTokens ?? 0,
            isStrict: self.isStrict,
            mac: { key.code(of: $0) }
        )
        do throws(TranslationRefusal) {
            let value = try WholeBody.read(request.body, marks)
            return .success(
                try RequestTranslator(request.dialect, body: value, size: request.body.count, circumstances)
            )
        } catch {
            return .failure(error)
        }
    }

    /// The request without what another target's reasoning left in the body, and what the target is not told then;
    /// nil when there is nothing of it.
    func withoutSealedReasoning(_ request: CallerRequest) -> (request: CallerRequest, dropped: [String])? {
        guard let rest = self.withoutSealedReasoning(request.body, request.dialect) else { return nil }
        return (request.with(body: rest.body, outline: rest.outline), rest.dropped)
    }

    /// The same of a body that is in no request for an answer.
    func withoutSealedReasoning(
        _ body: [UInt8],
        _ dialect: Dialect
    ) -> (body: [UInt8], outline: RequestOutline, dropped: [String])? {
        guard let value = try? WholeBody.read(body),
            let rest = SealedReasoning.removed(from: value, dialect)
        else { return nil }
        let bytes = JSONWriter.write(rest.body)
        guard case .success(let outline) = self.loop.scanner.outline(bytes) else { return nil }
        return (bytes, outline, rest.dropped)
    }
}
