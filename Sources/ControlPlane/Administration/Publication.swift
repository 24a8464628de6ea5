package import Contract

/// What a configuration change came to: the snapshot that contains it.
package struct Publication: Hashable, Sendable {
    package let reference: SnapshotReference
    /// False when nothing had changed and the last snapshot stands.
    package let isNew: Bool

    /// The number that the admin API answers with.
    package var version: Int { self.reference.version.number }
}
