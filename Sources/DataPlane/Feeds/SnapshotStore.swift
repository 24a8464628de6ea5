package import Contract
import Identity
import Sealing
import Wire

/// What a node keeps of snapshots on disk, so that it serves after a restart with nobody to ask.
///
/// Three slots: `candidate` is the newest applied one, `current` the last that was served long enough to count as
/// good, `previous` the one before it. Every step on the disk leaves a state that boots: files are replaced whole,
/// and `state.json` is written before what it warns of. What the disk did not take is owed to it, newest only, until
/// `catchUp` succeeds. One user at a time.
package struct SnapshotStore: Sendable {
    package enum Slot: String, Hashable, Sendable, CaseIterable {
        case candidate
        case current
        case previous

        var file: String { "\(self.rawValue).snapshot" }

        /// After how many starts that did not live through the trial another slot is preferred.
        ///
        /// A snapshot that once was served long enough gets more patience: its crashes are rarely its own fault.
        package var attemptLimit: Int {
            switch self {
            case .candidate: 2
            case .current, .previous: 5
            }
        }
    }

    private static let stateFile = "state.json"
    private static let maximumStateBytes = 8 * 1024 * 1024
    private static let maximumSlotBytes = SnapshotAdmission.maximumBytes + SecretsSeal.maximumBytes + 64

    private let directory: StoreDirectory
    private var state: StoreState
    /// What lies in the slot `candidate`, as far as this process knows.
    private var candidate: SnapshotReference?
    /// An applied snapshot that could not be written.
    private var owedSnapshot: (stored: StoredSnapshot, reference: SnapshotReference)?
    /// A snapshot that was served long enough, as the files do not say yet.
    private var owedPromotion: SnapshotReference?
    private var isStateOwed = false
    /// Why what an earlier process remembered is forgotten; nil when it is not, or when there was none.
    package let forgottenBecause: String?

    /// Reads what an earlier process remembered; an unreadable memory counts as none.
    package init(directory: StoreDirectory) throws(StoreError) {
        self.directory = directory
        guard let bytes = try directory.read(SnapshotStore.stateFile, maximumBytes: SnapshotStore.maximumStateBytes)
        else {
            self.state = StoreState()
            self.forgottenBecause = nil
            return
        }
        do {
            self.state = try StoreState(JSONReader.read(bytes))
            self.forgottenBecause = nil
        } catch {
            self.state = StoreState()
            self.forgottenBecause = "\(SnapshotStore.stateFile) cannot be read: \(error)"
        }
    }

    /// The highest version that this node ever admitted.
    package var highest: SnapshotVersion? { self.state.highest }
    /// When the control plane was last heard, milliseconds since 1970.
    package var heardAt: Int? { self.state.heardAt }
    /// The last revocation that was applied.
    package var revocationSequence: Int { self.state.revocations?.sequence ?? 0 }

    /// The tokens that a stored snapshot of this version must not let in, whatever it says itself.
    ///
    /// What was last heard holds for every slot: what was revoked stays revoked. So does what ended with a snapshot
    /// newer than this one.
    package func revokedTokens(on version: SnapshotVersion) -> Set<String> {
        self.state.ended.tokens(on: version).union(self.state.revocations?.tokens ?? [])
    }

    /// What lies in the slot; nil when nothing does.
    ///
    /// Throws `damaged` when it cannot be taken apart.
    package func load(_ slot: Slot) throws(StoreError) -> StoredSnapshot? {
        guard let bytes = try self.directory.read(slot.file, maximumBytes: SnapshotStore.maximumSlotBytes) else {
            return nil
        }
        do { return try StoredSnapshot(fileBytes: bytes) } catch { throw .damaged(file: slot.file, error) }
    }

    /// How often a process began to serve these bytes and did not end their trial, and under which name.
    package func attempts(on stored: StoredSnapshot) -> (count: Int, reference: SnapshotReference?) {
        let sha256 = SHA256Digest.of(stored.envelope)
        let attempt = self.state.attempts.first { $0.reference.sha256 == sha256 }
        return (attempt?.count ?? 0, attempt?.reference)
    }

    /// Notes, before the snapshot is taken apart and served, that its trial begins.
    package mutating func begin(_ reference: SnapshotReference) throws(StoreError) {
        self.state.addAttempt(on: reference)
        try self.save()
    }

    /// Notes that the slot's content is the one that was booted.
    package mutating func booted(_ reference: SnapshotReference, from slot: Slot) {
        self.state.raise(reference.version)
        switch slot {
        case .candidate: self.candidate = reference
        case .current: self.state.current = reference.version
        case .previous: break
        }
    }

    /// Puts an applied snapshot into the slot `candidate`.
    ///
    /// `ended` are the tokens that were valid in the snapshot served before, of version `former`, and no longer are.
    package mutating func keep(
        _ stored: StoredSnapshot,
        as reference: SnapshotReference,
        ended: [String] = [],
        since former: SnapshotVersion? = nil
    ) throws(StoreError) {
        if let former { self.state.ended.add(ended, unknownTo: former) }
        self.candidate = nil
        self.owedSnapshot = (stored, reference)
        self.owedPromotion = nil
        self.state.raise(reference.version)
        try self.writeOwedSnapshot()
        try self.save()
    }

    /// Ends the trial of a snapshot that was served long enough, and makes it the last known good one.
    package mutating func promote(_ reference: SnapshotReference) throws(StoreError) {
        self.owedPromotion = reference
        if self.candidate == reference {
            // Between the two renames there is no `current`, but `candidate` still boots.
            if self.directory.contains(Slot.current.file) {
                try self.directory.rename(Slot.current.file, to: Slot.previous.file)
            }
            try self.directory.rename(Slot.candidate.file, to: Slot.current.file)
            self.candidate = nil
            try self.directory.synchronize()
            self.state.promote(reference.version)
        }
        try self.endTrial(of: reference)
        // One that is not on disk yet is promoted once it is.
        if self.owedSnapshot?.reference != reference { self.owedPromotion = nil }
    }

    /// Whether the disk lacks something that it was to keep.
    package var isBehind: Bool { self.owedSnapshot != nil || self.owedPromotion != nil || self.isStateOwed }

    /// Does what earlier steps could not do on the disk.
    package mutating func catchUp() throws(StoreError) {
        try self.writeOwedSnapshot()
        if let reference = self.owedPromotion { try self.promote(reference) }
        if self.isStateOwed { try self.save() }
    }

    /// Ends the trial without a verdict: an orderly stop is no crash.
    package mutating func endTrial(of reference: SnapshotReference) throws(StoreError) {
        self.state.clearAttempts(on: reference)
        try self.save()
    }

    /// Notes that the control plane was heard, at this time since 1970, and what it said of revocations.
    ///
    /// New revocations are made durable; the time alone is written without waiting for the disk.
    package mutating func heard(
        at wall: Int,
        revoked tokens: [String],
        sequence: Int,
        on snapshot: SnapshotReference?
    ) throws(StoreError) {
        self.state.heardAt = wall
        let former = self.state.revocations
        if let snapshot {
            self.state.hear(
                StoreState.Revocations(snapshot: snapshot, sequence: sequence, tokens: tokens.sorted())
            )
        }
        try self.save(durable: former?.tokens != self.state.revocations?.tokens)
    }

    private mutating func writeOwedSnapshot() throws(StoreError) {
        guard let (stored, reference) = self.owedSnapshot else { return }
        try self.directory.write(stored.fileBytes, to: Slot.candidate.file)
        self.owedSnapshot = nil
        self.candidate = reference
    }

    private mutating func save(durable: Bool = true) throws(StoreError) {
        // After a failure nobody knows which of the lost changes had to be durable.
        let isDurable = durable || self.isStateOwed
        self.isStateOwed = true
        try self.directory.write(JSONWriter.write(self.state.json), to: SnapshotStore.stateFile, durable: isDurable)
        self.isStateOwed = false
    }
}
