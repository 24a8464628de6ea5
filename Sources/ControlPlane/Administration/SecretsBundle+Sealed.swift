import Contract
import Identity
import Sealing

extension SecretsBundle {
    /// Opens what `SnapshotPublication` stored beside a snapshot; throws `SealingError`.
    init(sealed: [UInt8], of version: SnapshotVersion, under masterKey: MasterKey) throws(SealingError) {
        let plain = try masterKey.open(sealed, context: SealedColumn.snapshotSecrets(version).context)
        do {
            self = try plain.withExposedBytes { try SecretsBundle(plainText: $0) }
        } catch {
            throw .malformed("the secrets of snapshot \(version)")
        }
    }
}
