import Contract
import Canonical
import CurlTransport
import Dialects
import Exchange
import Identity
import NIOCore
import Routing
import Sealing
import Telemetry
import Wire

/// From the body to the provider: which target, in which dialect, with what.
extension ExchangeSession {
    // MARK: Plan

    func generate(_ dialect: Dialect) {
        guard let (body, outline, group) = self.readRequest() else { return }
        let plan = RoutePlanner.plan(group, dialect: dialect, random: self.loop.random())
        guard !plan.candidates.isEmpty else {
            return self.refuse(
                Refusal.noEligibleTarget(model: group.id.text, dialect: dialect.rawValue, refused: plan.refused)
            )
        }
        self.dialect = dialect
        let isMixed = plan.candidates.contains { $0.servingDialect(for: dialect) != dialect }
        guard isMixed else {
            if let target = plan.candidates.first {
                self.forward(target, dialect: dialect, body: body, outline: outline)
            }
            return
        }
        self.chooseAcrossDialects(plan.candidates, dialect, body, outline)
    }

    /// A target of the caller's dialect gets the caller's bytes; the others get a translation, and those that cannot
    /// be told all that must be told are passed over.
    private func chooseAcrossDialects(
        _ candidates: [Target],
        _ dialect: Dialect,
        _ body: ByteBuffer,
        _ outline: RequestOutline
    ) {
        let carriesReasoning = ReasoningMark.occurs(in: body.readableBytesUInt8Span)
        var translator: Result<RequestTranslator, TranslationRefusal>?
        func reader() -> Result<RequestTranslator, TranslationRefusal> {
            let made = translator ?? self.translator(dialect, body: body, model: outline.model)
            translator = made
            return made
        }
        var ordered = candidates
        // Who made the reasoning that the conversation carries should go on serving it.
        if carriesReasoning, case .success(let request) = reader(),
            let maker = candidates.firstIndex(where: { request.isMaker($0) })
        {
            ordered.insert(ordered.remove(at: maker), at: 0)
        }
        var refusal: TranslationRefusal?
        for target in ordered {
            guard let spoken = target.servingDialect(for: dialect) else { continue }
            guard spoken != dialect else {
                // Another target's thoughts are a loss, too.
                if carriesReasoning, self.forwardWithoutReasoning(target, dialect: dialect, body: body) { return }
                return self.forward(target, dialect: dialect, body: body, outline: outline)
            }
            do throws(TranslationRefusal) {
                let translation = try reader().get().translation(for: target, in: spoken)
                return self.send(target, translation: translation, stream: outline.stream)
            } catch {
                refusal = refusal ?? error
            }
        }
        self.refuse(refusal.map { CallerError($0) } ?? AttemptFailure.unsendable.callerError)
    }

    /// Takes out what another target's reasoning left in the body; false when there is nothing of it.
    private func forwardWithoutReasoning(_ target: Target, dialect: Dialect, body: ByteBuffer) -> Bool {
        guard let value = JSONMemberWalk.read(body.readableBytesUInt8Span, 0..<body.readableBytes),
            let rest = SealedReasoning.removed(from: value, dialect)
        else { return false }
        let bytes = ByteBuffer(bytes: JSONWriter.write(rest))
        guard case .success(let outline) = self.loop.scanner.outline(bytes) else { return false }
        self.record.dropped = "reasoning"
        self.forward(target, dialect: dialect, body: bytes, outline: outline)
        return true
    }

    /// The body that is there, what routing reads of it, and the group it names; nil when it was refused.
    func readRequest() -> (ByteBuffer, RequestOutline, Group)? {
        guard let body = self.body else {
            self.refuse(Refusal.invalidBody("it is empty"))
            return nil
        }
        self.body = nil
        let outline: RequestOutline
        switch self.loop.scanner.outline(body) {
        case .failure(let failure):
            self.refuse(failure.error)
            return nil
        case .success(let found): outline = found
        }
        self.record.stream = outline.stream
        guard let group = self.allowedGroup(outline.model) else {
            self.refuse(Refusal.modelNotAllowed)
            return nil
        }
        self.record.group = group.id.text
        return (body, outline, group)
    }

    func translator(
        _ dialect: Dialect,
        body: ByteBuffer,
        model: String
    ) -> Result<RequestTranslator, TranslationRefusal> {
        let pepper = self.token.flatMap { self.state?.peppers[$0.pepper] }
        guard let pepper, let value = JSONMemberWalk.read(body.readableBytesUInt8Span, 0..<body.readableBytes) else {
            return .failure(TranslationRefusal("body", "must be a JSON object"))
        }
        let key = ReasoningKey(pepper)
        let circumstances = RequestTranslator.Circumstances(
            requestID: self.requestIDText,
            model: model,
            createdAt: WallClock.now() / 1000,
            isStrict: self.isStrict,
            mac: { key.code(of: $0) }
        )
        do throws(TranslationRefusal) {
            return .success(try RequestTranslator(dialect, body: value, circumstances))
        } catch {
            return .failure(error)
        }
    }

    // MARK: Attempt

    private func forward(_ target: Target, dialect: Dialect, body: ByteBuffer, outline: RequestOutline) {
        self.begin(
            target,
            dialect: dialect,
            request: UpstreamRequest.forward(
                target: target,
                dialect: dialect,
                body: body,
                outline: outline,
                facts: self.facts,
                requestID: self.requestIDText,
                defaults: self.loop.limits.timeouts
            ),
            relay: RelayStateMachine(
                dialect: dialect,
                isStream: outline.stream,
                hidesUsage: dialect == .openAIChat && !outline.includesUsage
            )
        )
    }

    private func send(_ target: Target, translation: Translation, stream: Bool) {
        self.translation = translation
        self.record.dropped = translation.dropped
        self.begin(
            target,
            dialect: translation.target,
            request: UpstreamRequest.translated(
                target: target,
                translation: translation,
                stream: stream,
                requestID: self.requestIDText,
                defaults: self.loop.limits.timeouts
            ),
            relay: RelayStateMachine(StreamPassage(translation.stream), isStream: stream)
        )
    }

    func begin(_ target: Target, dialect: Dialect, request: TransferRequest?, relay: RelayStateMachine) {
        self.record.target = target.id.text
        self.record.targetDialect = dialect.rawValue
        self.record.provider = target.provider.id.text
        self.record.model = target.model.id.text
        self.record.attempts += 1
        self.record.attemptStartedAt = MonotonicClock.now()
        guard let request else {
            self.record.attemptFailure = AttemptFailure.unsendable.code
            return self.refuse(AttemptFailure.unsendable.callerError)
        }
        self.relay = relay
        self.attemptSecrets = target.provider.credential.map { [$0] } ?? []
        self.transfer = self.loop.link.start(request, for: self)
    }
}
