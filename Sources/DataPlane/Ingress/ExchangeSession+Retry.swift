import Dialects
import Exchange
import Identity
import NIOCore
import Routing
import Wire

/// Once more without the reasoning that the target did not take.
extension ExchangeSession {
    /// Sends the request again when the refusal is certainly about the reasoning in it, and something is left to be
    /// left out; false when the refusal stands.
    func retryWithoutReasoning(status: Int, body: [UInt8]) -> Bool {
        guard let sent = self.sent,
            self.reasoningRetry.begins(status: status, body: body, dialect: sent.dialect, isStrict: self.isStrict)
        else { return false }
        self.sent = nil
        switch sent {
        case .forwarded(let request, let target): return self.forwardWithoutReasoning(request, to: target)
        case .translated(let request, let target, let dialect, let first):
            guard
                let translator = try? self.translator(of: request).get(),
                let translation = try? translator.translation(for: target, in: dialect, carriesReasoning: false),
                translation.body != first
            else { return false }
            self.reasoningRefused()
            self.send(request, to: target, translation: translation)
            return true
        }
    }

    private func forwardWithoutReasoning(_ request: CallerRequest, to target: Target) -> Bool {
        guard let value = try? WholeBody.read(request.body),
            let rest = CarriedReasoning.removed(from: value, request.dialect)
        else { return false }
        let body = JSONWriter.write(rest.body)
        guard case .success(let outline) = self.loop.scanner.outline(body) else { return false }
        self.reasoningRefused()
        self.dropped(rest.dropped)
        self.forward(request.with(body: body, outline: outline), to: target)
        return true
    }

    /// Ends the attempt that was refused: it says nothing about the target, and decides nothing of what a caller is told.
    private func reasoningRefused() {
        self.attemptEnded(.neutral)
        self.noteFailure(AttemptFailure.badRequest(status: 400, message: nil, code: nil, parameter: nil))
        self.clearAnswer()
    }

    /// Adds fields to those that the target is not told.
    func dropped(_ fields: [String]) {
        let known = self.record.dropped?.split(separator: ",").map { String($0) } ?? []
        self.record.dropped = (known + fields.filter { !known.contains($0) }).joined(separator: ",")
    }

    /// Forgets the answer of an attempt of which the caller has seen nothing.
    func clearAnswer() {
        self.translation = nil
        self.responseIDs = nil
        self.dropCollected()
        self.pendingEvents = nil
        self.boundary = EventCutter()
        self.firstEventBy = nil
        self.awaitsAnswer = false
        self.unacknowledged = 0
    }
}
