package import Contract
package import Wire

/// An administrator's word on what a model can do in one dialect and case; it stands over what probes found.
package struct AttestationSpec: Hashable, Sendable {
    package var verdict: EvidenceRecord.Verdict
    /// Why somebody vouches for it, for those who come after.
    package var reason: String
    /// The administrator's id; empty where a snapshot is read, which does not tell.
    package var attestedBy: String
    /// Milliseconds since 1970.
    package var attestedAt: Int
    /// Milliseconds since 1970; nil for never.
    package var expiresAt: Int?
    /// What it was said of.
    package var endpoint: EndpointIdentity

    package init(_ input: AttestationInput, by actor: String, at now: Int, endpoint: EndpointIdentity) {
        self.verdict = input.verdict
        self.reason = input.reason
        self.attestedBy = actor
        self.attestedAt = now
        self.expiresAt = input.expiresAt
        self.endpoint = endpoint
    }

    /// Whether `input` says of the same endpoint what this says already.
    package func says(_ input: AttestationInput, of endpoint: EndpointIdentity) -> Bool {
        self.verdict == input.verdict && self.reason == input.reason && self.expiresAt == input.expiresAt
            && self.endpoint == endpoint
    }

    package var json: JSONValue {
        [
            "verdict": .string(self.verdict.rawValue), "reason": .string(self.reason),
            "attested_by": .string(self.attestedBy), "attested_at": .string(RFC3339.format(self.attestedAt)),
            "expires_at": self.expiresAt.map { .string(RFC3339.format($0)) } ?? .null,
        ]
    }
}
