import Administration
import Contract
import Identity
import Postgres
import PostgresTestSupport
import Sealing
import Storage
import Testing

struct NodeEnrolmentTests {
    private func invitation(_ plane: TestPlane) async throws -> JoinToken {
        let invitation = try await plane.enrolment.invite(by: "ann")
        return try #require(invitation.token.withExposedText { JoinToken($0) })
    }

    @Test func `a node joins once with its token, and gets the answer again when it asks again`() async throws {
        try await TestPlane.with { plane in
            let token = try await self.invitation(plane)
            #expect(token.fingerprint == plane.cluster.fingerprint)
            let name = try #require(Slug("n1"))
            let identity = NodeIdentity()
            let request = try identity.joinRequest(token: token, name: name)
            let response = try await plane.enrolment.join(request)
            #expect(SHA256Digest.of(response.trust) == token.fingerprint)
            #expect(try await plane.enrolment.join(request) == response)
            let other = try NodeIdentity().joinRequest(token: token, name: try #require(Slug("n2")))
            await #expect(throws: NodeRefusal.joinTokenUsed) { try await plane.enrolment.join(other) }
        }
    }

    @Test func `of two that race with one token one joins`() async throws {
        try await TestPlane.with { plane in
            let token = try await self.invitation(plane)
            let results = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<4 {
                    group.addTask {
                        do {
                            let name = try #require(Slug("n\(number)"))
                            _ = try await plane.enrolment.join(NodeIdentity().joinRequest(token: token, name: name))
                            return true
                        } catch {
                            return false
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(results == 1)
        }
    }

    @Test func `an unknown token and a wrong secret are refused alike, an expired one by name`() async throws {
        try await TestPlane.with { plane in
            let token = try await self.invitation(plane)
            let name = try #require(Slug("n1"))
            let strangers = [
                JoinToken(id: "00000000", secret: token.secret, fingerprint: token.fingerprint),
                JoinToken(id: token.id, secret: Secret("x"), fingerprint: token.fingerprint),
            ]
            for stranger in strangers {
                await #expect(throws: NodeRefusal.unknownJoinToken) {
                    try await plane.enrolment.join(NodeIdentity().joinRequest(token: stranger, name: name))
                }
            }
            try await plane.pool.execute(Statement("UPDATE join_token SET expires_at = now()"))
            await #expect(throws: NodeRefusal.joinTokenExpired) {
                try await plane.enrolment.join(NodeIdentity().joinRequest(token: token, name: name))
            }
        }
    }

    @Test func `a proof by another key and a taken name are refused and use up no token`() async throws {
        try await TestPlane.with { plane in
            _ = try await plane.join("n1")
            let token = try await self.invitation(plane)
            let name = try #require(Slug("n1"))
            var forged = try NodeIdentity().joinRequest(token: token, name: name)
            forged.signingKey = SigningKey().publicKey
            let sent = forged
            await #expect(throws: NodeRefusal.badProof) { try await plane.enrolment.join(sent) }
            let identity = NodeIdentity()
            await #expect(throws: NodeRefusal.nameTaken) {
                try await plane.enrolment.join(identity.joinRequest(token: token, name: name))
            }
            let other = try #require(Slug("n2"))
            _ = try await plane.enrolment.join(identity.joinRequest(token: token, name: other))
            let second = try await self.invitation(plane)
            await #expect(throws: NodeRefusal.keyInUse) {
                try await plane.enrolment.join(identity.joinRequest(token: second, name: try #require(Slug("n3"))))
            }
        }
    }

    @Test func `a removed node is told so, and its secrets are gone`() async throws {
        try await TestPlane.with { plane in
            let publication = try await plane.publish(TestPlane.body("a"))
            let node = try await plane.join()
            _ = try await node.poll(node.pollRequest(), at: plane.service)
            #expect(try await plane.enrolment.remove(node: node.id, by: "ann"))
            #expect(try await plane.enrolment.remove(node: node.id, by: "ann") == false)
            await #expect(throws: NodeRefusal.removed) {
                _ = try await node.poll(node.pollRequest(), at: plane.service)
            }
            await #expect(throws: NodeRefusal.removed) {
                _ = try await node.secrets(publication.reference, at: plane.service)
            }
            #expect(try await NodeDirectory(pool: plane.pool).all().isEmpty)
            let rows = try await plane.pool.query(Statement("SELECT count(*) AS count FROM node_secrets"))
            #expect(try rows.first?.int("count") == 0)
        }
    }

    @Test func `a removal stands though nobody can be told of it`() async throws {
        try await TestPlane.with { plane in
            let node = try await plane.join()
            let dead = await TestPlane.deadPool()
            let enrolment = NodeEnrolment(
                cluster: plane.cluster,
                board: PlaneStateBoard(cluster: plane.cluster, pool: dead, logger: TestDatabase.quiet),
                pool: plane.pool,
                logger: TestDatabase.quiet
            )
            #expect(try await enrolment.remove(node: node.id, by: "ann"))
            #expect(try await NodeDirectory(pool: plane.pool).all().isEmpty)
        }
    }
}
