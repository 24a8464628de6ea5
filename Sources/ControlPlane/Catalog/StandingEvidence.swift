package import Contract
package import Wire

/// The verdict that stands on what a model can do at one endpoint, as probes found it.
package struct StandingEvidence: Hashable, Sendable {
    package var verdict: EvidenceRecord.Verdict
    /// Milliseconds since 1970.
    package var observedAt: Int
    /// Milliseconds since 1970 from which it proves nothing any more.
    package var expiresAt: Int
    /// Which version of the probe found it.
    package var probeVersion: Int

    package init(verdict: EvidenceRecord.Verdict, observedAt: Int, expiresAt: Int, probeVersion: Int) {
        self.verdict = verdict
        self.observedAt = observedAt
        self.expiresAt = expiresAt
        self.probeVersion = probeVersion
    }

    package var json: JSONValue {
        [
            "verdict": .string(self.verdict.rawValue), "observed_at": .string(RFC3339.format(self.observedAt)),
            "expires_at": .string(RFC3339.format(self.expiresAt)),
        ]
    }
}
