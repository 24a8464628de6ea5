package import Identity
package import Wire

/// The signed answer to a poll: what is current, and which tokens are revoked since the node's snapshot.
///
/// It travels as the header of a `SignedFrame` with an empty body.
package struct Heartbeat: Hashable, Sendable {
    package var node: String
    /// The nonce of the poll that this answers.
    package var nonce: String
    package var clusterID: String
    /// What the node should run; nil before the first publication.
    package var current: SnapshotReference?
    /// SHA-256 of the sealed bundle of secrets that belongs to `current` for this node.
    package var secretsSHA256: Digest?
    /// The ids of tokens revoked after `running` of the poll was made, whole and in no order.
    package var revokedTokens: [String]
    /// Rises with every revocation.
    package var revocationSequence: Int
    /// Milliseconds since 1970.
    package var issuedAt: Int

    /// More revocations than this force a snapshot first.
    package static let maximumRevokedTokens = 10_000
    /// The longest heartbeat that is accepted: as many revocations, each of the longest possible id.
    package static let maximumBytes = 4 * 1024 * 1024

    package init(
        node: String,
        nonce: String,
        clusterID: String,
        current: SnapshotReference?,
        secretsSHA256: Digest?,
        revokedTokens: [String],
        revocationSequence: Int,
        issuedAt: Int
    ) {
        self.node = node
        self.nonce = nonce
        self.clusterID = clusterID
        self.current = current
        self.secretsSHA256 = secretsSHA256
        self.revokedTokens = revokedTokens
        self.revocationSequence = revocationSequence
        self.issuedAt = issuedAt
    }

    package var json: JSONValue {
        var object = JSONObject()
        object["node"] = .string(self.node)
        object["nonce"] = .string(self.nonce)
        object["cluster_id"] = .string(self.clusterID)
        object["current"] = self.current?.json
        object["secrets_sha256"] = self.secretsSHA256.map { .string($0.hex) }
        object["revoked_tokens"] = .array(self.revokedTokens.map { .string($0) })
        object["revocation_sequence"] = .int(self.revocationSequence)
        object["issued_at"] = .int(self.issuedAt)
        return .object(object)
    }

    package init(_ value: JSONValue) throws(JSONShapeError) {
        var members = try JSONMembers(value)
        self.node = try members.shortText("node")
        self.nonce = try members.shortText("nonce")
        self.clusterID = try members.shortText("cluster_id")
        self.current = nil
        if var current = try members.optionalObject("current") {
            self.current = try SnapshotReference(&current)
        }
        self.secretsSHA256 = members.has("secrets_sha256") ? try members.digest("secrets_sha256") : nil
        self.revokedTokens = try members.optionalStrings("revoked_tokens") ?? []
        guard self.revokedTokens.count <= Heartbeat.maximumRevokedTokens else {
            throw members.error("revoked_tokens", "holds too many")
        }
        self.revocationSequence = try members.int("revocation_sequence")
        self.issuedAt = try members.int("issued_at")
    }
}
