package import Contract
import Identity
package import Wire

/// An attestation as a request sends it.
package struct AttestationInput: Hashable, Sendable {
    /// `passed` unless said otherwise.
    package var verdict: EvidenceRecord.Verdict
    package var reason: String
    /// Milliseconds since 1970; nil for never.
    package var expiresAt: Int?

    package static let maximumReasonBytes = 1024
    /// In the list of one model: as many as there are cases in all dialects.
    package static let maximumPerModel = Dialect.allCases.count * CapabilityCase.allCases.count

    package init(verdict: EvidenceRecord.Verdict = .passed, reason: String, expiresAt: Int? = nil) {
        self.verdict = verdict
        self.reason = reason
        self.expiresAt = expiresAt
    }

    /// Reads the body of a PUT.
    package init(_ value: JSONValue) throws(JSONShapeError) {
        var members = try JSONMembers(value)
        members.ignoreReadOnly(
            "provider",
            "model",
            "dialect",
            "case",
            "attested_by",
            "attested_at",
            "stands",
            "snapshot_version"
        )
        try self.init(&members)
        try members.refuseUnknown()
    }

    private init(_ members: inout JSONMembers) throws(JSONShapeError) {
        self.verdict = try members.optionalChoice("verdict", EvidenceRecord.Verdict.self) ?? .passed
        self.reason = try members.text("reason", maximumBytes: AttestationInput.maximumReasonBytes)
        self.expiresAt = try members.optionalTime("expires_at")
    }

    /// Reads what a document says of one model: a list, each item naming its dialect and case.
    static func list(
        _ value: JSONValue,
        of model: ModelKey,
        at path: String
    ) throws(JSONShapeError) -> [EvidenceKey: AttestationInput] {
        guard let items = value.arrayValue, items.count <= AttestationInput.maximumPerModel else {
            throw JSONShapeError(
                field: path,
                problem: "must be a list of at most \(AttestationInput.maximumPerModel) attestations"
            )
        }
        var attestations: [EvidenceKey: AttestationInput] = [:]
        for (index, item) in items.enumerated() {
            let path = "\(path)[\(index)]"
            var members = try JSONMembers(item, at: path)
            let dialect = try members.choice("dialect", Dialect.self)
            let key = EvidenceKey(model, dialect, try members.choice("case", CapabilityCase.self))
            let input = try AttestationInput(&members)
            try members.refuseUnknown()
            guard attestations.updateValue(input, forKey: key) == nil else {
                throw JSONShapeError(field: path, problem: "names a dialect and case twice")
            }
        }
        return attestations
    }
}
