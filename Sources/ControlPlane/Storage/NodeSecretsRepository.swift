package import Identity
package import Postgres

/// The table `node_secrets`.
package enum NodeSecretsRepository {
    /// A bundle sealed to one node for one snapshot.
    package struct Bundle: Hashable, Sendable {
        package let node: String
        package let sealed: [UInt8]
        /// Of `sealed`.
        package let sha256: Digest

        package init(node: String, sealed: [UInt8], sha256: Digest) {
            self.node = node
            self.sealed = sealed
            self.sha256 = sha256
        }
    }

    /// The bundles that belong to a snapshot.
    package static func all(
        snapshot: Digest,
        in transaction: Transaction
    ) async throws(PostgresError) -> [Bundle] {
        let rows = try await transaction.query(
            Statement(
                "SELECT node, sealed_bundle, sha256 FROM node_secrets WHERE snapshot_sha256 = $1",
                .bytes(snapshot.bytes)
            )
        )
        var bundles: [Bundle] = []
        for row in rows {
            bundles.append(
                Bundle(
                    node: try row.text("node"),
                    sealed: try row.bytes("sealed_bundle"),
                    sha256: try row.digest("sha256")
                )
            )
        }
        return bundles
    }

    /// Stores a bundle unless another control plane was first, or the node is gone.
    package static func add(
        _ bundle: Bundle,
        snapshot: Digest,
        in transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                """
                INSERT INTO node_secrets (node, snapshot_sha256, sealed_bundle, sha256)
                SELECT id, $2, $3, $4 FROM node WHERE id = $1 AND removed_at IS NULL
                ON CONFLICT (node, snapshot_sha256) DO NOTHING
                """,
                .text(bundle.node),
                .bytes(snapshot.bytes),
                .bytes(bundle.sealed),
                .bytes(bundle.sha256.bytes)
            )
        )
    }
}
