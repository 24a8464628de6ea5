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
        guard let (body, outline, group) = self.readRequest(), let images = self.review(outline, in: body) else {
            return
        }
        let needs = ContentReview.needs(of: outline, imageTokens: images.tokens)
        self.record.needs = needs
        let scan = self.loop.scanner.scans
        self.whenPublic(images.hosts) {
            self.plan(CallerRequest(dialect: dialect, group: group, body: body, outline: outline), needs, scan)
        }
    }

    /// What the request's images and links are; nil when one of them refused it.
    func review(_ outline: RequestOutline, in body: [UInt8]) -> ImageReview? {
        guard outline.content.imageCount > 0 || outline.content.linkCount > 0 else { return ImageReview() }
        switch ImageReview.review(outline.content, in: body.span, limits: self.loop.limits) {
        case .success(let review): return review
        case .failure(let box):
            self.refuse(box.error)
            return nil
        }
    }

    /// `scan` is which of the loop's scans was that of the body.
    private func plan(_ request: CallerRequest, _ needs: RequestNeeds, _ scan: Int) {
        var request = request
        let (dialect, group, outline) = (request.dialect, request.group, request.outline)
        let circumstances = self.circumstances(outline)
        let plan = self.loop.health.plan(group, dialect: dialect, needs: needs, circumstances)
        self.record.refused = plan.refused
        self.pauseElsewhere = RoutePlan.Refused.pause(of: plan.refused)
        var candidates = plan.candidates
        if dialect == .openAIResponses, outline.namesKept {
            switch self.pin(outline, in: group, plan, needs, circumstances) {
            case .free: break
            case .target(let keeper, let id):
                candidates = [keeper]
                self.pauseElsewhere = nil
                request = request.continuing(id)
            case .refused(let error, let refused):
                self.record.refused = refused
                return self.refuse(error)
            }
        }
        guard !candidates.isEmpty else {
            if let wait = plan.heldFor { return self.refuse(Refusal.capacityThrottled(nanoseconds: wait)) }
            return self.refuse(Refusal.noEligibleTarget(group, dialect: dialect, needs, plan.refused))
        }
        self.dialect = dialect
        var dispatch = Dispatch(request, candidates: candidates, maximumAttempts: group.maximumAttempts)
        if candidates.contains(where: { $0.dialect != dialect }) {
            dispatch.marks = self.loop.scanner.marks(ofScan: scan)
            // Only who is asked in another dialect can read it.
            if outline.content.sealedReasoning { self.preferMaker(&dispatch) }
        }
        self.dispatch = dispatch
        if !self.attemptNext() { self.refuse(self.unsentError) }
    }

    /// What of the moment and of the caller the choice of a target depends on.
    func circumstances(_ outline: RequestOutline) -> RoutePlanner.Circumstances {
        let session = self.facts?.session ?? outline.session
        return RoutePlanner.Circumstances(
            now: WallClock.now(),
            monotonicNow: MonotonicClock.now(),
            random: self.loop.random(),
            affinity: session.map { AffinityKey.make(token: self.record.tokenID ?? "", session: $0) }
        )
    }

    /// Who made the reasoning that the conversation carries should go on serving it.
    private func preferMaker(_ dispatch: inout Dispatch) {
        guard case .success(let translator) = self.translator(of: &dispatch) else { return }
        dispatch.prefer { translator.isMaker($0.target) }
    }

    /// Asks the next candidate; false when there is none that can be asked.
    ///
    /// A target of the caller's dialect gets the caller's bytes; the others get a translation, and those that cannot
    /// be told all that must be told are passed over.
    func attemptNext() -> Bool {
        guard var dispatch = self.dispatch.take() else { return false }
        while let index = self.choice(in: dispatch), let candidate = dispatch.take(at: index) {
            self.record.dropped = nil
            do throws(TranslationRefusal) {
                let step = try self.step(to: candidate, &dispatch)
                dispatch.began()
                self.untried = dispatch.untried
                // Some times the body's size, and seldom needed once more: then it is read anew.
                dispatch.translator = nil
                dispatch.marks = JSONMarks()
                self.dispatch = dispatch
                switch step {
                case .forward(let request): self.forward(request, to: candidate.target)
                case .send(let translation):
                    self.send(dispatch.request, to: candidate.target, translation: translation)
                }
                return true
            } catch {
                self.passedOver = self.passedOver ?? error
            }
        }
        dispatch.translator = nil
        self.dispatch = dispatch
        return false
    }

    /// How a candidate is asked.
    private enum Step {
        case forward(CallerRequest)
        case send(Translation)
    }

    private func step(to candidate: Candidate, _ dispatch: inout Dispatch) throws(TranslationRefusal) -> Step {
        let request = dispatch.request
        guard candidate.dialect != request.dialect else {
            // Whoever else is left: who made it may be held back, or of a group that the conversation was in before.
            guard request.outline.content.sealedReasoning, let rest = self.withoutSealedReasoning(request) else {
                return .forward(request)
            }
            // Another target's thoughts are a loss, too.
            guard !self.isStrict else { throw TranslationRefusal.strict(SealedReasoning.field(of: request.dialect)) }
            self.dropped(rest.dropped)
            return .forward(rest.request)
        }
        let translator = try self.translator(of: &dispatch).get()
        return .send(try translator.translation(for: candidate.target, in: candidate.dialect))
    }

    /// The body that is there, what routing reads of it, and the group it names; nil when it was refused.
    func readRequest() -> ([UInt8], RequestOutline, Group)? {
        let body = self.body
        self.body = []
        guard !body.isEmpty else {
            self.refuse(Refusal.invalidBody("it is empty"))
            return nil
        }
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

    // MARK: Kept responses

    private var responseIDKey: ResponseIDKey? {
        self.pepperKeys?.responseIDs
    }

    /// Who must serve a Responses request that continues something.
    func pin(
        _ outline: RequestOutline,
        in group: Group,
        _ plan: RoutePlan,
        _ needs: RequestNeeds,
        _ circumstances: RoutePlanner.Circumstances
    ) -> ResponsePin {
        let request = Eligibility.Request(
            dialect: .openAIResponses,
            needs: needs,
            strategy: group.strategy,
            proof: group.proof,
            now: circumstances.now
        )
        let key = self.responseIDKey
        return ResponsePin.decide(outline, in: group, plan: plan, request) { key?.open($0, context: $1) }
    }

    private func responseIDs(of request: CallerRequest, servedBy target: Target) -> KeptResponseIDs? {
        guard request.group.responseKeepers != .single || request.previousResponseID != nil,
            let key = self.responseIDKey
        else { return nil }
        return ResponsePin.names(
            request.outline,
            in: request.group,
            servedBy: target,
            previousID: request.previousResponseID
        ) { key.seal($0, context: $1) }
    }

    // MARK: Attempt

    func forward(_ request: CallerRequest, to target: Target) {
        let outline = request.outline
        let dialect = request.dialect
        self.sent = .forwarded(request, target)
        let ids = dialect == .openAIResponses ? self.responseIDs(of: request, servedBy: target) : nil
        self.responseIDs = ids
        var relay = RelayStateMachine(
            dialect: dialect,
            isStream: outline.stream,
            hidesUsage: dialect == .openAIChat && !outline.includesUsage,
            ids: ids
        )
        relay.retelling = Retelling(
            // The caller does not know this name, and it is to stay so where the provider repeats it.
            secrets: request.previousResponseID.map { [Secret($0)] } ?? [],
            namesKept: dialect == .openAIResponses && outline.namesKept
        )
        self.begin(
            target,
            dialect: dialect,
            request: UpstreamRequest.forward(
                target: target,
                dialect: dialect,
                body: request.body,
                outline: outline,
                previousResponseID: request.previousResponseID,
                facts: self.facts,
                requestID: self.requestIDText,
                timeouts: self.timeouts(of: target, in: request.group)
            ),
            relay: relay
        )
    }

    func send(_ request: CallerRequest, to target: Target, translation: Translation) {
        let stream = request.outline.stream
        self.sent = .translated(request, target, translation.target, body: translation.body)
        self.translation = translation.withoutBody
        self.record.dropped = translation.dropped
        // Whole answers need no passage: it would be made for nothing.
        var relay =
            stream
            ? RelayStateMachine(StreamPassage(translation.stream), isStream: true)
            : RelayStateMachine(dialect: translation.target, isStream: false, hidesUsage: false)
        relay.retelling.translatedFor = translation.caller
        self.begin(
            target,
            dialect: translation.target,
            request: UpstreamRequest.translated(
                target: target,
                translation: translation,
                stream: stream,
                requestID: self.requestIDText,
                timeouts: self.timeouts(of: target, in: request.group)
            ),
            relay: relay
        )
    }

    func begin(_ target: Target, dialect: Dialect, request: TransferRequest?, relay: consuming RelayStateMachine) {
        self.record.target = target.id.text
        self.record.targetDialect = dialect.rawValue
        self.record.provider = target.provider.id.text
        self.record.model = target.model.id.text
        let now = MonotonicClock.now()
        self.record.attemptStartedAt = now
        self.record.tries.append(
            AttemptRecord(
                position: target.position,
                target: target.id.text,
                provider: target.provider.id.text,
                model: target.model.id.text,
                dialect: dialect.rawValue,
                startedAt: now
            )
        )
        guard let request else {
            self.noteSends(0)
            return self.fail(.unsendable)
        }
        if self.counted == nil {
            let key = Candidate(target: target, dialect: dialect).healthKey
            self.attemptKey = key
            self.isAnswerTold = false
            self.loop.health.began(key, at: now)
            if self.record.stream, self.holdSince == nil, !self.hasWrittenHead { self.holdSince = self.loop.second }
        }
        self.awaitAnswer(of: target, since: now)
        relay.retelling.secrets += target.provider.credential.map { [$0] } ?? []
        relay.retelling.names = target.privateNames
        self.relay = consume relay
        self.transfer = self.loop.link.start(request, for: self)
    }
}
