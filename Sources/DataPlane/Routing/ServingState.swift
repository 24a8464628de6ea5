package import Contract
package import Identity

/// All that a data plane serves from at one moment: a compiled snapshot, its secrets and the latest revocations.
///
/// Immutable and shared by reference, so that handing it to a request costs one retain.
package final class ServingState: Sendable {
    package let reference: SnapshotReference
    package let table: RoutingTable
    /// Peppers by id, as the token records name them.
    package let peppers: [String: SecretBytes]
    /// Ids of tokens revoked since the snapshot was made.
    package let revokedTokens: Set<String>

    /// Compiles the body; see `RoutingTable.init` for what it throws.
    package init(
        reference: SnapshotReference,
        body: SnapshotBody,
        secrets: SecretsBundle,
        revokedTokens: Set<String> = []
    ) throws(SnapshotRejection) {
        self.reference = reference
        self.table = try RoutingTable(body, secrets: secrets)
        self.peppers = secrets.peppers
        self.revokedTokens = revokedTokens
    }

    private init(_ other: ServingState, revokedTokens: Set<String>) {
        self.reference = other.reference
        self.table = other.table
        self.peppers = other.peppers
        self.revokedTokens = revokedTokens
    }

    /// The same state with exactly these tokens revoked on top of the snapshot.
    package func revoking(_ ids: Set<String>) -> ServingState {
        ServingState(self, revokedTokens: ids)
    }
}
