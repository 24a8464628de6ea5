/// Which nodes know of a revocation, by name.
package struct RevocationProgress: Hashable, Sendable {
    package struct Pending: Hashable, Sendable {
        package let node: String
        /// Milliseconds since 1970; nil when it never polled.
        package let lastSeen: Int64?
    }

    package var acked: [String]
    package var pending: [Pending]
}
