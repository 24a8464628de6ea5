package import Contract
package import Identity
package import Logging
package import Postgres
import Sealing
import Storage
import Wire

/// How nodes become members of the cluster, and cease to be.
package struct NodeEnrolment: Sendable {
    /// A new join token, to be shown once.
    package struct Invitation: Sendable {
        package let token: Secret
        package let id: String
        /// Milliseconds since 1970.
        package let expiresAt: Int64
    }

    private let cluster: Cluster
    private let board: PlaneStateBoard
    private let pool: PostgresPool
    private let logger: Logger

    /// How long a join token may be valid, in seconds.
    package static let validityRange = 60...7 * 86_400
    package static let defaultValidity = 3600

    package init(cluster: Cluster, board: PlaneStateBoard, pool: PostgresPool, logger: Logger) {
        self.cluster = cluster
        self.board = board
        self.pool = pool
        self.logger = logger
    }

    /// Makes a join token that is valid once and for `seconds`, clamped to `validityRange`.
    package func invite(
        validFor seconds: Int = NodeEnrolment.defaultValidity,
        by actor: String,
        requestID: RequestID? = nil
    ) async throws -> Invitation {
        let range = NodeEnrolment.validityRange
        let seconds = min(max(seconds, range.lowerBound), range.upperBound)
        let token = JoinToken(
            id: Base62.random(count: JoinToken.idDigits, next: SecureRandom.byte),
            secret: Secret(Base62.random(count: JoinToken.secretDigits, next: SecureRandom.byte)),
            fingerprint: self.cluster.fingerprint
        )
        let expiresAt = try await self.pool.withTransaction { transaction in
            let expiresAt = try await JoinTokenRepository.add(
                id: token.id,
                digest: NodeEnrolment.digest(of: token.secret),
                validFor: seconds,
                by: actor,
                in: transaction
            )
            try await AuditRepository.append(
                AuditEntry(
                    actor: actor,
                    action: "create",
                    kind: "join-token",
                    key: token.id,
                    change: ["valid_for_s": .int(seconds)],
                    requestID: requestID
                ),
                in: transaction
            )
            return expiresAt
        }
        return Invitation(token: token.text, id: token.id, expiresAt: expiresAt)
    }

    /// Makes a node of whoever holds a join token.
    ///
    /// A node that asks again with the same token and key, because the answer was lost, gets it again.
    package func join(_ request: JoinRequest) async throws(NodeRefusal) -> JoinResponse {
        guard NodeSignature.verifyProof(of: request) else { throw .badProof }
        let id: String
        do {
            id = try await self.pool.withTransaction { try await self.enrol(request, in: $0) }
            // The node polls next, perhaps before the notification is here.
            try await self.board.refresh()
        } catch let refusal as NodeRefusal {
            throw refusal
        } catch PostgresError.uniqueViolation("node_name") {
            throw .nameTaken
        } catch PostgresError.uniqueViolation("node_signing_key_key") {
            throw .keyInUse
        } catch {
            self.logger.error("a node cannot join", metadata: ["reason": "\(error)"])
            throw (error as? PostgresError).map { NodeRefusal($0) } ?? .internalError
        }
        return JoinResponse(nodeID: id, trust: self.cluster.trustBytes)
    }

    /// Removes a node, whose polls are refused from now on.
    ///
    /// Returns false when there is no such node. The provider credentials it held are known to it; whoever distrusts it must change them.
    package func remove(node id: String, by actor: String, requestID: RequestID? = nil) async throws -> Bool {
        let isRemoved = try await self.pool.withTransaction { transaction in
            guard try await NodeRepository.remove(id: id, by: actor, in: transaction) else { return false }
            try await ClusterRepository.noteChange(in: transaction)
            try await AuditRepository.append(
                AuditEntry(actor: actor, action: "delete", kind: "node", key: id, requestID: requestID),
                in: transaction
            )
            return true
        }
        guard isRemoved else { return false }
        do { try await self.board.refresh() } catch {
            // Done it is; the board hears of it by the notification, or when the database is back.
            self.logger.warning("a removed node may poll a little longer", metadata: ["reason": "\(error)"])
        }
        return true
    }

    private func enrol(_ request: JoinRequest, in transaction: Transaction) async throws -> String {
        guard let token = try await JoinTokenRepository.lock(id: request.tokenID, in: transaction),
            token.digest == NodeEnrolment.digest(of: request.tokenSecret)
        else {
            throw NodeRefusal.unknownJoinToken
        }
        if let earlier = token.usedBy {
            let node = try await NodeRepository.read(id: earlier, in: transaction)
            guard let node, node.signingKey == request.signingKey else { throw NodeRefusal.joinTokenUsed }
            return node.id
        }
        guard !token.isExpired else { throw NodeRefusal.joinTokenExpired }
        let id = SecureRandom.uuid()
        try await NodeRepository.add(
            id: id,
            name: request.name,
            signingKey: request.signingKey,
            sealingKey: request.sealingKey,
            joinToken: request.tokenID,
            in: transaction
        )
        try await JoinTokenRepository.use(id: request.tokenID, by: id, in: transaction)
        try await ClusterRepository.noteChange(in: transaction)
        try await AuditRepository.append(
            AuditEntry(
                actor: "join-token:\(request.tokenID)",
                action: "join",
                kind: "node",
                key: id,
                change: ["name": .string(request.name.text)]
            ),
            in: transaction
        )
        return id
    }

    private static func digest(of secret: Secret) -> Digest {
        secret.withExposedText { SHA256Digest.of(Array($0.utf8)) }
    }
}
