import Contract

/// A place in the database that holds a sealed value: what the sealing is bound to.
enum SealedColumn: Hashable, Sendable {
    case signingKey(String)
    case pepper(String)
    case snapshotSecrets(SnapshotVersion)

    /// `table|id|column|version`.
    var context: String {
        switch self {
        case .signingKey(let id): "signing_key|\(id)|sealed_private_key|1"
        case .pepper(let id): "pepper|\(id)|sealed_key|1"
        case .snapshotSecrets(let version): "snapshot|\(version)|sealed_secrets|1"
        }
    }
}
