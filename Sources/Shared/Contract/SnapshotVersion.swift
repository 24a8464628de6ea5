/// The place of a snapshot in the order of all snapshots of a cluster.
///
/// Versions only rise within an epoch; an epoch rises by hand, when a database was restored from a backup and
/// its version counter with it.
package struct SnapshotVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// 1 and up.
    package let epoch: Int
    /// 1 and up.
    package let number: Int

    package init(epoch: Int, number: Int) {
        self.epoch = epoch
        self.number = number
    }

    package static func < (left: SnapshotVersion, right: SnapshotVersion) -> Bool {
        (left.epoch, left.number) < (right.epoch, right.number)
    }

    package var description: String { "\(self.epoch).\(self.number)" }
}
