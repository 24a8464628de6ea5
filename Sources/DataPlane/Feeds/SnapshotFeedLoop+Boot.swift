import Contract
import Logging
import Routing
import Sealing

extension SnapshotFeedLoop {
    /// Serves from disk what an earlier process left there: the newest that did not make it die repeatedly.
    ///
    /// A slot that cannot be read or believed is passed over. One that was tried too often is taken only when no
    /// other boots: a node that dies now and then is better than one that never serves.
    mutating func boot() {
        if let reason = self.store.forgottenBecause {
            self.feed.count { $0.storeFailures += 1 }
            self.logger.error(
                "the node's memory is lost: the highest version, the counts of crashes and the revocations are forgotten",
                metadata: ["reason": "\(reason)"]
            )
        }
        if let heardAt = self.store.heardAt {
            self.board.heard(millisecondsAgo: self.clock.wall() - heardAt)
        }
        var suspects: [(slot: SnapshotStore.Slot, stored: StoredSnapshot, reference: SnapshotReference)] = []
        for slot in SnapshotStore.Slot.allCases {
            guard let stored = self.load(slot) else { continue }
            let attempts = self.store.attempts(on: stored)
            if attempts.count >= slot.attemptLimit, let reference = attempts.reference {
                suspects.append((slot, stored, reference))
                continue
            }
            if self.boot(stored, from: slot) {
                if let suspect = suspects.first {
                    self.machine.crashLooped(suspect.reference)
                    self.refuse(.crashLoop(suspect.reference.version), of: suspect.reference)
                }
                return
            }
        }
        for suspect in suspects where self.boot(suspect.stored, from: suspect.slot) { return }
        self.logger.notice("there is no snapshot to start from")
    }

    private func load(_ slot: SnapshotStore.Slot) -> StoredSnapshot? {
        do {
            return try self.store.load(slot)
        } catch .damaged(_, let rejection) {
            self.passOver(slot, because: rejection)
            return nil
        } catch {
            self.feed.count { $0.storeFailures += 1 }
            self.logger.error(
                "a stored snapshot cannot be read",
                metadata: ["slot": "\(slot.rawValue)", "reason": "\(error)"]
            )
            return nil
        }
    }

    /// Counts and logs that what lies in the slot has not even a version to name it by.
    private func passOver(_ slot: SnapshotStore.Slot, because rejection: SnapshotRejection) {
        self.feed.count { $0.refused[rejection.code, default: 0] += 1 }
        self.logger.warning(
            "a stored snapshot is damaged",
            metadata: [
                "slot": "\(slot.rawValue)", "code": "\(rejection.code)", "reason": "\(rejection.detail)",
            ]
        )
    }

    private mutating func boot(_ stored: StoredSnapshot, from slot: SnapshotStore.Slot) -> Bool {
        guard let reference = SnapshotAdmission.claimedReference(of: stored.envelope) else {
            self.passOver(slot, because: .notAnEnvelope)
            return false
        }
        self.persist { (store) throws(StoreError) in try store.begin(reference) }
        do throws(SnapshotRejection) {
            let state = try self.compile(
                stored,
                expecting: nil,
                running: nil,
                now: nil,
                revoked: self.store.revokedTokens(on: reference.version)
            )
            guard case .done = self.board.exchange(for: state) else { throw .notNewer(reference.version) }
        } catch {
            self.persist { (store) throws(StoreError) in try store.endTrial(of: reference) }
            self.refuse(error, of: reference)
            return false
        }
        self.store.booted(reference, from: slot)
        self.machine.booted(reference, at: self.clock.monotonic())
        self.feed.count { $0.applied += 1 }
        self.logger.notice(
            "serving from disk",
            metadata: [
                "version": "\(reference.version)", "sha256": "\(reference.sha256)", "slot": "\(slot.rawValue)",
            ]
        )
        return true
    }
}
