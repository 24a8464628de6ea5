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

    /// The dialect in which the target would be asked, or why it may not be.
    ///
    /// Of the dialects that its provider offers the caller's own comes first, as nothing is lost then, and the others by
    /// how much they carry. The first that the target is good at is taken: one that sees images in one dialect only
    /// is asked in that one.
    package static func judge(_ target: Target, _ request: Request) -> Result<Dialect, Ineligibility> {
        guard target.enabled else { return .failure(.disabled) }
        guard target.provider.enabled else { return .failure(.providerDisabled) }
        guard !request.strategy.drawsByWeight || target.weight > 0 else { return .failure(.weightless) }
        if let reason = Eligibility.excess(target.model, request.needs) { return .failure(reason) }
        var first: Ineligibility?
        for dialect in target.dialects(for: request.dialect) {
            guard let reason = Eligibility.reason(target, dialect, request) else { return .success(dialect) }
            first = first ?? reason
        }
        return .failure(first ?? .dialect)
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
        let declared = target.model.declared[dialect]
        if let declared {
            if request.needs.images > 0, !declared.inputModalities.contains("image") { return .modality("image") }
            for modality in request.needs.otherModalities.sorted() where !declared.inputModalities.contains(modality) {
                return .modality(modality)
            }
        }
        for needed in request.cases {
            if let reason = Eligibility.reason(
                needed,
                evidence: target.evidence(of: needed, in: dialect),
                declared: declared,
                request
            ) {
                return reason
            }
        }
        return nil
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
