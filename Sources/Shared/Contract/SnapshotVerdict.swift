package import Wire

/// What a node made of a snapshot: applied (ACK) or refused with a reason (NACK).
package struct SnapshotVerdict: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        case applied
        /// The code and detail of a `SnapshotRejection`.
        case refused(code: String, detail: String)
    }

    package let snapshot: SnapshotReference
    package let outcome: Outcome

    package static let maximumDetailBytes = 4096

    package init(snapshot: SnapshotReference, outcome: Outcome) {
        self.snapshot = snapshot
        self.outcome = outcome
    }

    package init(refusing snapshot: SnapshotReference, because rejection: SnapshotRejection) {
        self.init(
            snapshot: snapshot,
            outcome: .refused(code: rejection.code, detail: rejection.detail)
        )
    }

    package var json: JSONValue {
        var object = JSONObject()
        object["snapshot"] = self.snapshot.json
        switch self.outcome {
        case .applied: object["outcome"] = "applied"
        case .refused(let code, let detail):
            object["outcome"] = "refused"
            object["code"] = .string(code)
            object["detail"] = .string(detail)
        }
        return .object(object)
    }

    init(_ members: consuming JSONMembers) throws(JSONShapeError) {
        var snapshot = try members.object("snapshot")
        self.snapshot = try SnapshotReference(&snapshot)
        switch try members.string("outcome") {
        case "applied": self.outcome = .applied
        case "refused":
            let code = try members.string("code")
            guard (1...64).contains(code.utf8.count), code.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
                throw members.error("code", "must have 1 to 64 visible ASCII characters")
            }
            let detail = try members.optionalString("detail") ?? ""
            guard detail.utf8.count <= SnapshotVerdict.maximumDetailBytes else {
                throw members.error("detail", "is too long")
            }
            // It is stored, and PostgreSQL has no NUL; and shown to people on terminals.
            guard detail.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
                throw members.error("detail", "must not hold control characters")
            }
            self.outcome = .refused(code: code, detail: detail)
        default: throw members.error("outcome", "must be applied or refused")
        }
    }
}
