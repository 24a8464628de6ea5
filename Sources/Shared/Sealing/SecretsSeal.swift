package import Contract
import Crypto
import FoundationEssentials
import Identity
import Wire

/// Seals a bundle of secrets so that only one node can open it, and only for one snapshot of one cluster.
///
/// HPKE (RFC 9180) in base mode with X25519, HKDF-SHA256 and ChaCha20-Poly1305. `info` names cluster, node and
/// epoch, the associated data is the snapshot's hash. Base mode does not say who sealed: the bundle's own hash
/// stands in the signed heartbeat.
package enum SecretsSeal {
    /// Format 1: these bytes, 32 bytes of encapsulated key, then the ciphertext.
    private static let magic: [UInt8] = [0x52, 0x54, 0x53, 0x42, 0x01]  // "RTSB", format 1
    private static let encapsulatedKeyBytes = 32
    private static let suite = HPKE.Ciphersuite.Curve25519_SHA256_ChachaPoly
    /// The longest sealed bundle that is accepted.
    package static let maximumBytes = 4 * 1024 * 1024

    /// Seals to a node's public key of 32 bytes; no two results are equal.
    ///
    /// Throws `invalidKey` when the bytes are no key.
    package static func seal(
        _ bundle: SecretsBundle,
        to publicKey: [UInt8],
        clusterID: String,
        node: String,
        snapshot: SnapshotReference
    ) throws(SealingError) -> [UInt8] {
        guard NodeSealingKey.isUsable(publicKey: publicKey),
            let recipient = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: publicKey)
        else { throw .invalidKey }
        let info = SecretsBundle.info(clusterID: clusterID, node: node, epoch: snapshot.version.epoch)
        do {
            var sender = try HPKE.Sender(recipientKey: recipient, ciphersuite: SecretsSeal.suite, info: Data(info))
            let sealed = try sender.seal(bundle.plainText, authenticating: snapshot.sha256.bytes)
            let bytes = SecretsSeal.magic + Array(sender.encapsulatedKey) + Array(sealed)
            guard bytes.count <= SecretsSeal.maximumBytes else { throw SealingError.tooLarge }
            return bytes
        } catch let error as SealingError {
            throw error
        } catch {
            throw .cannotSeal
        }
    }

    /// Opens what was sealed to this key, cluster, node and snapshot; throws `cannotOpen` for anything else.
    package static func open(
        _ bytes: [UInt8],
        with key: NodeSealingKey,
        clusterID: String,
        node: String,
        snapshot: SnapshotReference
    ) throws(SealingError) -> SecretsBundle {
        let prefix = SecretsSeal.magic.count + SecretsSeal.encapsulatedKeyBytes
        guard bytes.count <= SecretsSeal.maximumBytes else { throw .tooLarge }
        guard bytes.count > prefix, bytes.starts(with: SecretsSeal.magic) else { throw .cannotOpen }
        let info = SecretsBundle.info(clusterID: clusterID, node: node, epoch: snapshot.version.epoch)
        let plain: [UInt8]
        do {
            var recipient = try HPKE.Recipient(
                privateKey: key.key,
                ciphersuite: SecretsSeal.suite,
                info: Data(info),
                encapsulatedKey: Data(bytes[SecretsSeal.magic.count..<prefix])
            )
            plain = Array(try recipient.open(Data(bytes[prefix...]), authenticating: snapshot.sha256.bytes))
        } catch {
            throw .cannotOpen
        }
        do { return try SecretsBundle(plainText: plain) } catch { throw .malformed(error.description) }
    }
}
