package import Identity
package import Wire

/// Names one published snapshot exactly: its place in the order and the SHA-256 of its envelope's bytes.
package struct SnapshotReference: Hashable, Sendable {
    package let version: SnapshotVersion
    package let sha256: Digest

    package init(version: SnapshotVersion, sha256: Digest) {
        self.version = version
        self.sha256 = sha256
    }

    package var json: JSONValue {
        ["epoch": .int(self.version.epoch), "version": .int(self.version.number), "sha256": .string(self.sha256.hex)]
    }

    package init(_ members: inout JSONMembers) throws(JSONShapeError) {
        let epoch = try members.int("epoch")
        let number = try members.int("version")
        guard epoch >= 1, number >= 1 else { throw members.error("version", "must be positive") }
        self.version = SnapshotVersion(epoch: epoch, number: number)
        self.sha256 = try members.digest("sha256")
    }
}
