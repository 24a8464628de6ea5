package import Contract
package import Identity

/// Judges whether a target may serve a request, and in which dialect it would be asked; pure.
package enum Eligibility {
    /// The circumstances that all targets of a group are judged in.
    package struct Request: Sendable {
        /// The caller's dialect.
        package let dialect: Dialect
        package let needs: RequestNeeds
        package let strategy: GroupRecord.Strategy
        package let proof: GroupRecord.Proof
        /// Milliseconds since 1970.
        package let now: Int
        /// The same for every target, so found once.
        fileprivate let cases: [CapabilityCase]

        package init(
            dialect: Dialect,
            needs: RequestNeeds,
            strategy: GroupRecord.Strategy,
            proof: GroupRecord.Proof,
            now: Int
        ) {
            self.dialect = dialect
            self.needs = needs
            self.strategy = strategy
            self.proof = proof
            self.now = now
            self.cases = needs.cases
        }
    }

    /// The target with the dialect in which it would be asked, or why it may not be.
    ///
    /// Of the dialects that its provider offers the caller's own comes first, as nothing is lost then, and the others by
    /// how much they carry. The first that the target is good at is taken: one that sees images in one dialect only
    /// is asked in that one. One in which it has to make do comes behind those.
    package static func judge(_ target: Target, _ request: Request) -> Result<Candidate, Ineligibility> {
        guard target.enabled else { return .failure(.disabled) }
        guard target.provider.enabled else { return .failure(.providerDisabled) }
        guard !request.strategy.drawsByWeight || target.weight > 0 else { return .failure(.weightless) }
        if let reason = Eligibility.excess(target.model, request.needs) { return .failure(reason) }
        var first: Ineligibility?
        var makeshift: Candidate?
        for dialect in target.dialects(for: request.dialect) {
            switch Eligibility.fitness(of: target, in: dialect, request) {
            case .able: return .success(Candidate(target: target, dialect: dialect))
            case .makesDo: makeshift = makeshift ?? Candidate(target: target, dialect: dialect, makesDo: true)
            case .unfit(let reason): first = first ?? reason
            }
        }
        if let makeshift { return .success(makeshift) }
        return .failure(first ?? .dialect)
    }

    /// How well a target serves a request in one dialect.
    private enum Fitness {
        case able
        /// It lacks what can be left out or done in another way.
        case makesDo
        case unfit(Ineligibility)
    }

    /// Input is an estimate that may be a quarter too high: a target is refused only when the request is too long even
    /// then.
    ///
    /// A cap is what the caller bears at most, and agents set large ones by habit: a model that gives shorter answers
    /// serves it, and needs room for as much as it can give.
    private static func excess(_ model: ModelRecord, _ needs: RequestNeeds) -> Ineligibility? {
        let cap = min(needs.outputTokens ?? 0, model.maxOutputTokens ?? .max)
        if let have = model.contextTokens {
            let (need, overflows) = (needs.inputTokens / 5 * 4).addingReportingOverflow(cap)
            if overflows || need > have {
                return .contextExceeded(need: overflows ? .max : needs.inputTokens.addingClamped(cap), have: have)
            }
        }
        return nil
    }

    /// Why the target is not good at the request in this one dialect; nil when it is.
    package static func reason(_ target: Target, _ dialect: Dialect, _ request: Request) -> Ineligibility? {
        if case .unfit(let reason) = Eligibility.fitness(of: target, in: dialect, request) { return reason }
        return nil
    }

    private static func fitness(of target: Target, in dialect: Dialect, _ request: Request) -> Fitness {
        let declared = target.model.declared[dialect]
        if let declared {
            if request.needs.images > 0, !declared.inputModalities.contains("image") {
                return .unfit(.modality("image"))
            }
            for modality in request.needs.otherModalities.sorted() where !declared.inputModalities.contains(modality) {
                return .unfit(.modality(modality))
            }
        }
        func reason(_ needed: CapabilityCase) -> Ineligibility? {
            let evidence = target.evidence(of: needed, in: dialect, now: request.now)
            return Eligibility.reason(needed, evidence: evidence, declared: declared, request)
        }
        var makesDo = false
        let isTranslated = dialect != request.dialect
        for needed in request.cases {
            // A translation to Chat moves images of results to the user's turn behind, and asks for images alone.
            if needed == .imageInToolResult, isTranslated, dialect == .openAIChat { continue }
            guard let lack = reason(needed) else { continue }
            guard let makeshift = Eligibility.makeshift(for: needed, isTranslated: isTranslated, declared, request)
            else {
                return .unfit(lack)
            }
            if case .by(let other) = makeshift, reason(other) != nil { return .unfit(lack) }
            makesDo = true
        }
        return makesDo ? .makesDo : .able
    }

    /// What becomes of a case that a target is not good at.
    private enum Makeshift {
        /// The request does not depend on it, or its translation leaves it out.
        case without
        /// Its translation does it by another.
        case by(CapabilityCase)
    }

    /// How a target can do without a case; nil where it cannot, or the group wants proof of all.
    ///
    /// A translation keeps to the declaration: it drops what is not declared, and tells, and has a schema filled in as a
    /// tool's arguments. A request in the target's own dialect goes on as it came, so that nothing can be left out.
    private static func makeshift(
        for needed: CapabilityCase,
        isTranslated: Bool,
        _ declared: DeclaredCapabilities?,
        _ request: Request
    ) -> Makeshift? {
        guard request.proof == .declared else { return nil }
        switch needed {
        case .parallelTools: return .without
        case .reasoning:
            let isDropped = isTranslated && declared?.reasoning != true
            return isDropped || request.needs.adaptiveReasoning ? .without : nil
        case .structuredOutput: return isTranslated && declared?.structuredOutput != true ? .by(.forcedTool) : nil
        default: return nil
        }
    }

    private static func reason(
        _ needed: CapabilityCase,
        evidence: EvidenceRecord?,
        declared: DeclaredCapabilities?,
        _ request: Request
    ) -> Ineligibility? {
        let wantsProof = needed.needsProof || request.proof == .proven
        if let evidence {
            guard evidence.expiresAt <= request.now else {
                return evidence.verdict == .passed ? nil : .failed(needed, at: evidence.observedAt)
            }
            if wantsProof { return .expired(needed, at: evidence.expiresAt) }
        } else if wantsProof {
            return .unvalidated(needed)
        }
        // Nothing is declared for the dialect at all: the model is taken at the deployment's word.
        guard let declared else { return nil }
        return declared.includes(needed) ? nil : .undeclared(needed)
    }
}

extension GroupRecord.Strategy {
    /// Whether a target's weight decides how often it is asked.
    var drawsByWeight: Bool {
        switch self {
        case .weighted, .leastLatency: true
        case .priority, .leastCost: false
        }
    }
}

extension DeclaredCapabilities {
    /// Whether the declaration covers a case, as far as there is a word for it.
    func includes(_ needed: CapabilityCase) -> Bool {
        switch needed {
        case .tools, .forcedTool, .toolResultTurn: self.tools
        case .parallelTools: self.tools && self.parallelTools
        case .structuredOutput: self.structuredOutput
        case .reasoning: self.reasoning
        case .imageURL, .imageInline, .imageInToolResult: self.inputModalities.contains("image")
        case .text, .stream, .maxTokensHonored, .usageReported: true
        }
    }
}

extension Int {
    fileprivate func addingClamped(_ other: Int) -> Int {
        let (sum, overflows) = self.addingReportingOverflow(other)
        return overflows ? .max : sum
    }
}
