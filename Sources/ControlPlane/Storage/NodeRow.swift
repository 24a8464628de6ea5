/// A node that has joined.
package struct NodeRow: Hashable, Sendable {
    package let id: String
    package let name: String
    /// Ed25519, 32 bytes.
    package let signingKey: [UInt8]
    /// X25519, 32 bytes.
    package let sealingKey: [UInt8]
    package let joinToken: String
    /// Milliseconds since 1970.
    package let joinedAt: Int64
    /// What it last said of itself; nil when it never polled.
    package let report: NodeReport?
    /// When it said so, in milliseconds since 1970 by the database's clock.
    package let polledAt: Int64?
    /// When it gave its last verdict.
    package let verdictAt: Int64?
}
