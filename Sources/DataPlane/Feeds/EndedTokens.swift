import Contract
import Wire

/// Tokens that a snapshot on the node's disk still takes for valid, and that have ended since.
///
/// A node that falls back to an older snapshot, with no control plane to ask, would let them in again: the newer one,
/// which knew, is the one it fell back from.
struct EndedTokens: Hashable, Sendable {
    /// By token id, the newest version that does not know of the end.
    private var versions: [String: SnapshotVersion] = [:]

    /// More are not kept, the newest first: a node keeps three snapshots, and few tokens end between them.
    static let maximumCount = 20_000

    init() {}

    /// Those that a snapshot of this version must not let in.
    func tokens(on version: SnapshotVersion) -> Set<String> {
        Set(self.versions.lazy.filter { $0.value >= version }.map(\.key))
    }

    /// Notes that these ended, which snapshots up to `version` do not know.
    mutating func add(_ tokens: some Sequence<String>, unknownTo version: SnapshotVersion) {
        for token in tokens { self.versions[token] = max(self.versions[token] ?? version, version) }
        guard self.versions.count > EndedTokens.maximumCount else { return }
        let newest = self.versions.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(EndedTokens.maximumCount)
        self.versions = Dictionary(uniqueKeysWithValues: newest.map { ($0.key, $0.value) })
    }

    /// Forgets what every snapshot from this version on knows by itself.
    mutating func forget(before version: SnapshotVersion) {
        self.versions = self.versions.filter { $0.value >= version }
    }

    var json: JSONValue {
        .array(
            self.versions.sorted { $0.key < $1.key }.map { token, version in
                ["token": .string(token), "epoch": .int(version.epoch), "version": .int(version.number)]
            }
        )
    }

    init(_ values: [JSONValue]) throws(JSONShapeError) {
        for value in values.prefix(EndedTokens.maximumCount) {
            var members = try JSONMembers(value, at: "ended")
            let token = try members.string("token")
            let epoch = try members.int("epoch")
            let number = try members.int("version")
            self.versions[token] = SnapshotVersion(epoch: epoch, number: number)
        }
    }
}
