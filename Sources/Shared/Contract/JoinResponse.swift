package import Wire

/// What a node is told when it has joined: its id and whom to believe.
package struct JoinResponse: Hashable, Sendable {
    package var nodeID: String
    /// The trust document's bytes; their SHA-256 must be the fingerprint in the join token.
    package var trust: [UInt8]

    package init(nodeID: String, trust: [UInt8]) {
        self.nodeID = nodeID
        self.trust = trust
    }

    package var json: JSONValue {
        ["node_id": .string(self.nodeID), "trust": .string(Base64.encode(self.trust))]
    }

    package init(_ value: JSONValue) throws(JSONShapeError) {
        var members = try JSONMembers(value)
        self.nodeID = try members.shortText("node_id")
        self.trust = try members.base64("trust")
    }
}
