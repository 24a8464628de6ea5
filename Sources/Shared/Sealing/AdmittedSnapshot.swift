package import Contract

/// A snapshot that passed every check but the compilation of its routing table.
package struct AdmittedSnapshot: Hashable, Sendable {
    package let reference: SnapshotReference
    package let header: SnapshotHeader
    package let body: SnapshotBody
}
