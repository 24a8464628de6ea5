package import Identity
import Wire

/// What is known of a model in one dialect and case: the latest verdict that stands, and until when.
///
/// Only verdicts about the endpoint and upstream model that are configured now are published; others are void.
package struct EvidenceRecord: Hashable, Sendable {
    package enum Verdict: String, Hashable, Sendable, CaseIterable {
        case passed
        case failed
    }

    package var dialect: Dialect
    package var `case`: CapabilityCase
    package var verdict: Verdict
    /// Milliseconds since 1970.
    package var observedAt: Int
    /// Milliseconds since 1970 from which it proves nothing any more.
    package var expiresAt: Int
    /// Whether an operator vouched for it, instead of a probe.
    package var isAttested: Bool
    /// What probes found, where it counts for longer than what an operator vouched for.
    package var probed: Probed?

    /// What probes found behind an attestation.
    package struct Probed: Hashable, Sendable {
        package var verdict: Verdict
        package var observedAt: Int
        package var expiresAt: Int

        package init(verdict: Verdict, observedAt: Int, expiresAt: Int) {
            self.verdict = verdict
            self.observedAt = observedAt
            self.expiresAt = expiresAt
        }

        fileprivate var json: JSONValue {
            [
                "verdict": .string(self.verdict.rawValue), "observed_at": .int(self.observedAt),
                "expires_at": .int(self.expiresAt),
            ]
        }

        fileprivate init(_ members: consuming JSONMembers) throws(JSONShapeError) {
            self.verdict = try members.choice("verdict", Verdict.self)
            self.observedAt = try members.int("observed_at")
            self.expiresAt = try members.int("expires_at")
        }
    }

    package init(
        dialect: Dialect,
        case: CapabilityCase,
        verdict: Verdict,
        observedAt: Int,
        expiresAt: Int,
        isAttested: Bool = false,
        probed: Probed? = nil
    ) {
        self.dialect = dialect
        self.case = `case`
        self.verdict = verdict
        self.observedAt = observedAt
        self.expiresAt = expiresAt
        self.isAttested = isAttested
        self.probed = probed
    }

    /// What counts at `now`, in milliseconds since 1970: of an attestation that is over, what probes found.
    package func standing(at now: Int) -> EvidenceRecord {
        guard self.expiresAt <= now, let probed = self.probed else { return self }
        return EvidenceRecord(
            dialect: self.dialect,
            case: self.case,
            verdict: probed.verdict,
            observedAt: probed.observedAt,
            expiresAt: probed.expiresAt
        )
    }

    var json: JSONValue {
        var object = JSONObject([
            ("dialect", .string(self.dialect.rawValue)), ("case", .string(self.case.rawValue)),
            ("verdict", .string(self.verdict.rawValue)), ("observed_at", .int(self.observedAt)),
            ("expires_at", .int(self.expiresAt)),
        ])
        if self.isAttested { object["attested"] = true }
        object["probed"] = self.probed?.json
        return .object(object)
    }

    /// Nil for a dialect or a case that this version does not know: a later one may have more.
    init?(_ value: JSONValue, at path: String) throws(JSONShapeError) {
        var members = try JSONMembers(value, at: path)
        let dialect = Dialect(rawValue: try members.string("dialect"))
        let known = CapabilityCase(rawValue: try members.string("case"))
        guard let dialect, let known else { return nil }
        self.dialect = dialect
        self.case = known
        self.verdict = try members.choice("verdict", Verdict.self)
        self.observedAt = try members.int("observed_at")
        self.expiresAt = try members.int("expires_at")
        self.isAttested = try members.optionalBool("attested") ?? false
        if let probed = try members.optionalObject("probed") { self.probed = try Probed(probed) }
    }
}
