package import Contract
package import Identity

/// All that nodes can be told, as one value: read from the database as a whole and replaced as a whole.
///
/// It answers polls without the database, so that nodes do not notice when PostgreSQL is away.
package struct PlaneState: Sendable {
    package struct Snapshot: Sendable {
        package let reference: SnapshotReference
        package let envelope: [UInt8]
        /// Every revocation up to this one is in it.
        package let revocationSequence: Int

        package init(reference: SnapshotReference, envelope: [UInt8], revocationSequence: Int) {
            self.reference = reference
            self.envelope = envelope
            self.revocationSequence = revocationSequence
        }
    }

    package struct Revocation: Hashable, Sendable {
        package let sequence: Int
        package let tokenID: String

        package init(sequence: Int, tokenID: String) {
            self.sequence = sequence
            self.tokenID = tokenID
        }
    }

    /// The database's counter of changes at which this was read.
    package var change: Int
    package var current: Snapshot?
    /// The one before, which some nodes may still be fetching.
    package var previous: Snapshot?
    /// By id; a node that was removed is not here.
    package var nodes: [String: PlaneNode]
    /// The signing keys of removed nodes by id.
    package var removedKeys: [String: [UInt8]]
    /// The newest revocations in order, at most `Heartbeat.maximumRevokedTokens`.
    package var revocations: [Revocation]
    /// What recent snapshots already contain, by their hash.
    package var containedRevocations: [Digest: Int]

    package init(
        change: Int = 0,
        current: Snapshot? = nil,
        previous: Snapshot? = nil,
        nodes: [String: PlaneNode] = [:],
        removedKeys: [String: [UInt8]] = [:],
        revocations: [Revocation] = [],
        containedRevocations: [Digest: Int] = [:]
    ) {
        self.change = change
        self.current = current
        self.previous = previous
        self.nodes = nodes
        self.removedKeys = removedKeys
        self.revocations = revocations
        self.containedRevocations = containedRevocations
    }

    package var revocationSequence: Int { self.revocations.last?.sequence ?? 0 }

    /// What a poll is answered with now; `now` in milliseconds since 1970.
    package func heartbeat(answering poll: PollRequest, clusterID: String, now: Int) -> Heartbeat {
        // A node without a snapshot gets the current one, which has every revocation up to its own mark. One
        // with a snapshot that is no longer known hears of all recent ones.
        let contained =
            if let running = poll.running {
                self.containedRevocations[running.sha256] ?? 0
            } else {
                self.current?.revocationSequence ?? 0
            }
        return Heartbeat(
            node: poll.node,
            nonce: poll.nonce,
            clusterID: clusterID,
            current: self.current?.reference,
            secretsSHA256: self.nodes[poll.node]?.secrets?.sha256,
            revokedTokens: self.revocations.filter { $0.sequence > contained }.map(\.tokenID),
            revocationSequence: self.revocationSequence,
            issuedAt: now
        )
    }

    /// Whether the node lacks something that it can be told at once.
    package func hasNews(for poll: PollRequest) -> Bool {
        if self.revocationSequence > poll.revocationSequence { return true }
        guard let current = self.current?.reference else { return false }
        guard let running = poll.running else { return true }
        return current.version > running.version
    }
}
