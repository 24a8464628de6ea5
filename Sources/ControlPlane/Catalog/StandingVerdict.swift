import Contract

/// A verdict that stands, and what it takes to turn it over: probes err now and then, and a target that is in and out
/// every minute serves nobody.
///
/// | stands | probe says | then |
/// |---|---|---|
/// | nothing, or it expired, or another probe version found it | anything | that stands |
/// | passed | passed | renewed |
/// | failed | failed | renewed |
/// | passed | failed, two or more of its attempts | failed stands at once |
/// | passed | failed, one attempt | failed stands if the probe before said so too |
/// | failed | passed, no flip within a day | passed stands at once |
/// | failed | passed, after a flip within a day | passed stands if the probe before said so too |
package struct StandingVerdict: Hashable, Sendable {
    /// What became of the verdict.
    package enum Change: String, Hashable, Sendable {
        /// There was none to hold it against.
        case first
        case renewed
        /// The probe found the opposite, and has to find it once more.
        case doubted
        case flipped
    }

    package var evidence: StandingEvidence
    /// The last probe, whatever it found; milliseconds since 1970.
    package var lookedAt: Int
    /// When it last turned over, in milliseconds since 1970; nil for never.
    package var flippedAt: Int?
    /// How many probes in a row, up to the last, found the opposite.
    package var contrary: Int

    /// How many failed attempts of one probe need no second probe.
    static let sureFailures = 2
    /// For how long after a flip a pass has to be seen twice, in milliseconds.
    static let flapWindow = 86_400_000

    package init(evidence: StandingEvidence, lookedAt: Int, flippedAt: Int? = nil, contrary: Int = 0) {
        self.evidence = evidence
        self.lookedAt = lookedAt
        self.flippedAt = flippedAt
        self.contrary = contrary
    }

    /// What stands after a probe that found `seen`, `failures` of its attempts having failed.
    package static func after(
        _ seen: StandingEvidence,
        failures: Int,
        before: StandingVerdict?
    ) -> (verdict: StandingVerdict, change: Change) {
        let now = seen.observedAt
        guard let before, before.evidence.expiresAt > now, before.evidence.probeVersion == seen.probeVersion else {
            return (StandingVerdict(evidence: seen, lookedAt: now, flippedAt: before?.flippedAt), .first)
        }
        if before.evidence.verdict == seen.verdict {
            return (StandingVerdict(evidence: seen, lookedAt: now, flippedAt: before.flippedAt), .renewed)
        }
        let isSure =
            switch seen.verdict {
            case .failed: failures >= StandingVerdict.sureFailures
            case .passed: before.flippedAt.map { now - $0 >= StandingVerdict.flapWindow } ?? true
            }
        if isSure || before.contrary > 0 {
            return (StandingVerdict(evidence: seen, lookedAt: now, flippedAt: now), .flipped)
        }
        var doubted = before
        doubted.lookedAt = now
        doubted.contrary += 1
        return (doubted, .doubted)
    }

    /// When it should be looked at again, in milliseconds since 1970, for evidence that lasts `lifetime` milliseconds.
    ///
    /// A pass a fifth of the time before it expires; a failure after a seventh, since what is broken is mended some
    /// day; and anything a minute after a probe that found the opposite.
    package func dueAt(lifetime: Int) -> Int {
        if self.contrary > 0 { return self.lookedAt + 60_000 }
        return switch self.evidence.verdict {
        case .passed: self.evidence.expiresAt - lifetime / 5
        case .failed: self.evidence.observedAt + lifetime / 7
        }
    }
}
