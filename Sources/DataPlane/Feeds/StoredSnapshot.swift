import Contract

/// A snapshot and its secrets as they rest on disk: the envelope, and the bundle sealed to this node.
///
/// One file holds both, so that no crash can leave a snapshot with the secrets of another:
/// `"RTRN" 0x01 | u32 length | envelope | u32 length | sealed bundle`, numbers big-endian. Nothing in it is secret
/// without the node's key, and nothing in it is believed before its signatures are checked again.
package struct StoredSnapshot: Hashable, Sendable {
    package let envelope: [UInt8]
    package let sealedSecrets: [UInt8]

    private static let magic: [UInt8] = [0x52, 0x54, 0x52, 0x4e, 0x01]  // "RTRN", format 1

    package init(envelope: [UInt8], sealedSecrets: [UInt8]) {
        self.envelope = envelope
        self.sealedSecrets = sealedSecrets
    }

    /// Throws `truncated` when the bytes end early, `notAnEnvelope` when they have another form.
    init(fileBytes: [UInt8]) throws(SnapshotRejection) {
        guard fileBytes.starts(with: StoredSnapshot.magic) else {
            throw StoredSnapshot.magic.starts(with: fileBytes) ? .truncated : .notAnEnvelope
        }
        var rest = fileBytes.dropFirst(StoredSnapshot.magic.count)
        guard let envelope = StoredSnapshot.take(from: &rest), let secrets = StoredSnapshot.take(from: &rest) else {
            throw .truncated
        }
        guard rest.isEmpty else { throw .notAnEnvelope }
        self.init(envelope: envelope, sealedSecrets: secrets)
    }

    var fileBytes: [UInt8] {
        var bytes = StoredSnapshot.magic
        bytes.reserveCapacity(self.envelope.count + self.sealedSecrets.count + 16)
        for part in [self.envelope, self.sealedSecrets] {
            for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: part.count >> shift)) }
            bytes.append(contentsOf: part)
        }
        return bytes
    }

    private static func take(from rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        let prefix = rest.prefix(4)
        guard prefix.count == 4 else { return nil }
        let length = prefix.reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(4)
        guard length <= rest.count else { return nil }
        let part = Array(rest.prefix(length))
        rest = rest.dropFirst(length)
        return part
    }
}
