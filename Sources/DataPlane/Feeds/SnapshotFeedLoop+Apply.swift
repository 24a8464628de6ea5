import Contract
import CurlTransport
import Identity
import Logging
import Routing
import Sealing

extension SnapshotFeedLoop {
    /// Fetches, checks and serves an offered snapshot; whatever goes wrong, the running one stays.
    mutating func apply(_ offer: SnapshotOffer, from server: Int) async {
        let stored: StoredSnapshot
        do {
            stored = try await self.fetch(offer, from: server)
        } catch {
            guard !Task.isCancelled else { return }
            self.refuse(.unavailable(error.description), of: offer.reference)
            self.machine.fetchFailed(
                detail: error.description,
                at: self.clock.monotonic(),
                random: SecureRandom.word()
            )
            return
        }
        self.persist { (store) throws(StoreError) in try store.begin(offer.reference) }
        var ended: [String] = []
        do throws(SnapshotRejection) {
            guard SHA256Digest.of(stored.sealedSecrets) == offer.secretsSHA256 else {
                throw .secretsUnavailable("the bundle is not the one that was announced")
            }
            let state = try self.compile(
                stored,
                expecting: offer.reference,
                running: self.machine.running?.version,
                now: self.clock.wall(),
                revoked: []
            )
            guard case .done(let former) = self.board.exchange(for: state) else {
                throw .notNewer(offer.reference.version)
            }
            ended = former?.table.validTokens(endedIn: state.table) ?? []
            self.former = former
        } catch {
            self.persist { (store) throws(StoreError) in try store.endTrial(of: offer.reference) }
            self.refuse(error, of: offer.reference)
            self.machine.refused(because: error, at: self.clock.monotonic())
            return
        }
        let since = self.former?.reference.version
        self.persist { (store) throws(StoreError) in
            try store.keep(stored, as: offer.reference, ended: ended, since: since)
        }
        self.machine.applied(at: self.clock.monotonic())
        self.feed.count { $0.applied += 1 }
        self.logger.notice(
            "snapshot applied",
            metadata: ["version": "\(offer.reference.version)", "sha256": "\(offer.reference.sha256)"]
        )
    }

    /// Checks the bytes and makes them ready to serve.
    func compile(
        _ stored: StoredSnapshot,
        expecting: SnapshotReference?,
        running: SnapshotVersion?,
        now: Int?,
        revoked: Set<String>
    ) throws(SnapshotRejection) -> ServingState {
        let admitted = try self.admission.admit(stored.envelope, expecting: expecting, running: running, now: now)
        let secrets: SecretsBundle
        do {
            secrets = try SecretsSeal.open(
                stored.sealedSecrets,
                with: self.identity.sealingKey,
                clusterID: self.membership.trust.clusterID,
                node: self.membership.nodeID,
                snapshot: admitted.reference
            )
        } catch .malformed(let problem) {
            throw .secretsUnavailable("the bundle \(problem)")
        } catch {
            throw .secretsUnavailable("the bundle does not open with this node's key")
        }
        return try ServingState(
            reference: admitted.reference,
            body: admitted.body,
            secrets: secrets,
            revokedTokens: revoked
        )
    }

    /// Counts and logs that a snapshot was refused.
    func refuse(_ rejection: SnapshotRejection, of reference: SnapshotReference) {
        self.feed.count { $0.refused[rejection.code, default: 0] += 1 }
        self.logger.error(
            "snapshot refused",
            metadata: [
                "version": "\(reference.version)", "sha256": "\(reference.sha256)", "code": "\(rejection.code)",
                "reason": "\(rejection.detail)",
            ]
        )
    }

    private func fetch(
        _ offer: SnapshotOffer,
        from server: Int
    ) async throws(PlaneFailure) -> StoredSnapshot {
        let sha256 = offer.reference.sha256.hex
        let envelope = try await self.send(
            .get,
            NodeRequest.snapshotPath + sha256,
            to: server,
            maximumBytes: SnapshotAdmission.maximumBytes
        )
        let secrets = try await self.send(
            .get,
            NodeRequest.secretsPath + sha256,
            to: server,
            maximumBytes: SecretsSeal.maximumBytes
        )
        return StoredSnapshot(envelope: envelope, sealedSecrets: secrets)
    }
}
