import Contract
import CurlTransport
import Identity
import Logging
import Sealing
import Wire

/// Gets a node its keys and its place in a cluster: from disk, or by making keys and spending an invitation.
struct NodeEnrolment: Sendable {
    let directory: StoreDirectory
    let client: PlaneClient
    let configuration: FeedConfiguration
    let logger: Logger

    private static let identityFile = "identity.json"
    private static let membershipFile = "membership.json"
    private static let maximumFileBytes = 1024 * 1024

    /// The node's keys; new ones are on disk before they are used, so that a lost answer can be asked for again.
    func identity() throws(FeedError) -> NodeIdentity {
        let identity: NodeIdentity
        if let bytes = try self.read(NodeEnrolment.identityFile) {
            do { return try NodeIdentity(fileBytes: SecretBytes(bytes)) } catch { throw .damagedIdentity }
        }
        identity = NodeIdentity()
        try self.write(identity.fileBytes.withExposedBytes { $0 }, to: NodeEnrolment.identityFile)
        return identity
    }

    /// The node's membership; spends the join token when there is none yet.
    ///
    /// Asks again for as long as no control plane answers. Throws when one refuses.
    func membership(of identity: NodeIdentity) async throws -> Membership {
        if let bytes = try self.read(NodeEnrolment.membershipFile) {
            do { return try Membership(fileBytes: bytes) } catch { throw FeedError.damagedIdentity }
        }
        let token = self.configuration.joinToken?.withExposedText { JoinToken($0) } ?? nil
        guard let token else { throw FeedError.noJoinToken }
        let membership = try await self.join(identity, with: token)
        try self.write(membership.fileBytes, to: NodeEnrolment.membershipFile)
        self.logger.notice("joined the cluster", metadata: ["node": "\(membership.nodeID)"])
        return membership
    }

    private func join(_ identity: NodeIdentity, with token: JoinToken) async throws -> Membership {
        let request: JoinRequest
        do { request = try identity.joinRequest(token: token, name: self.configuration.nodeName) } catch {
            throw FeedError.sealing(error)
        }
        let body = JSONWriter.write(request.json)
        var failures = 0
        while true {
            let server = failures % self.client.servers.count
            do {
                let answer = try await self.client.send(
                    .post,
                    NodeRequest.joinPath,
                    to: server,
                    body: body,
                    maximumBytes: NodeEnrolment.maximumFileBytes
                )
                return try NodeEnrolment.membership(in: answer, vouchedFor: token.fingerprint)
            } catch let failure as PlaneFailure {
                try Task.checkCancellation()
                // The control plane understood and said no; asking again changes nothing.
                if case .status(let status, let code) = failure, [400, 401, 403, 409, 410, 422].contains(status) {
                    throw FeedError.joinRefused(status: status, code: code)
                }
                failures += 1
                self.logger.warning(
                    "cannot join yet",
                    metadata: ["control_plane": "\(self.client.servers[server])", "reason": "\(failure)"]
                )
                let pause = self.configuration.backoff.delay(failures: failures, random: SecureRandom.word())
                try await Task.sleep(for: .milliseconds(pause))
            }
        }
    }

    private static func membership(in answer: [UInt8], vouchedFor fingerprint: Digest) throws -> Membership {
        guard let value = try? JSONReader.read(answer), let response = try? JoinResponse(value) else {
            throw FeedError.malformedJoinAnswer
        }
        guard SHA256Digest.of(response.trust) == fingerprint else { throw FeedError.untrustedControlPlane }
        guard let membership = try? Membership(response) else { throw FeedError.malformedJoinAnswer }
        return membership
    }

    private func read(_ file: String) throws(FeedError) -> [UInt8]? {
        do { return try self.directory.read(file, maximumBytes: NodeEnrolment.maximumFileBytes) } catch {
            throw .store(error)
        }
    }

    private func write(_ bytes: [UInt8], to file: String) throws(FeedError) {
        do { try self.directory.write(bytes, to: file) } catch { throw .store(error) }
    }
}
