package import Wire

/// Whom a node believes: the cluster it belongs to and the public keys that may sign for it.
///
/// Pinned in a file on the node. A key is chosen by its id from here, never from a message.
package struct TrustDocument: Hashable, Sendable {
    package struct Key: Hashable, Sendable {
        package let id: String
        /// An Ed25519 public key, 32 bytes.
        package let publicKey: [UInt8]

        package init(id: String, publicKey: [UInt8]) {
            self.id = id
            self.publicKey = publicKey
        }
    }

    package var clusterID: String
    package var epoch: Int
    package var keys: [Key]

    package init(clusterID: String, epoch: Int, keys: [Key]) {
        self.clusterID = clusterID
        self.epoch = epoch
        self.keys = keys
    }

    package func key(_ id: String) -> Key? { self.keys.first { $0.id == id } }

    package var json: JSONValue {
        [
            "cluster_id": .string(self.clusterID), "epoch": .int(self.epoch),
            "keys": .array(
                self.keys.sorted { $0.id < $1.id }.map {
                    ["id": .string($0.id), "public_key": .string(Base64.encode($0.publicKey))]
                }
            ),
        ]
    }

    package init(_ value: JSONValue) throws(JSONShapeError) {
        var members = try JSONMembers(value)
        self.clusterID = try members.shortText("cluster_id")
        self.epoch = try members.int("epoch")
        guard self.epoch >= 1 else { throw members.error("epoch", "must be positive") }
        var keys: [Key] = []
        for (index, value) in try members.array("keys").enumerated() {
            var key = try JSONMembers(value, at: "keys[\(index)]")
            let id = try key.shortText("id")
            guard id.utf8.count <= SignedFrame.maximumKeyIDBytes, !keys.contains(where: { $0.id == id }) else {
                throw key.error("id", "is too long or occurs twice")
            }
            keys.append(Key(id: id, publicKey: try key.base64("public_key", count: 32)))
        }
        guard !keys.isEmpty else { throw members.error("keys", "must hold at least one key") }
        self.keys = keys
    }
}
