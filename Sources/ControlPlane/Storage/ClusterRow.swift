/// The cluster of this database: its name and its counters.
package struct ClusterRow: Hashable, Sendable {
    package let id: String
    package let epoch: Int
    /// The last version given out in the epoch; 0 before the first.
    package let version: Int
    /// Rises with everything that nodes must hear of.
    package let change: Int
}
