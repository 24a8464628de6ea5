import Administration
import Contract
import CurlTransport
import Identity
import PlaneAPI
import Postgres
import Sealing
import SocketTestSupport
import Storage
import Testing
import Wire

struct PlaneListenerTests {
    @Test func `a node joins, polls, and fetches its snapshot and its secrets`() async throws {
        try await TestListener.with { listener in
            let publication = try await listener.publish()
            let node = try await listener.join("n1")
            let body = JSONWriter.write(listener.poll(node.id).json)
            let answer = try await listener.send(.post, NodeRequest.pollPath, as: node, body: body)
            #expect(answer.status == 200)
            #expect(answer.headers["cache-control"] == "no-store")
            let heartbeat = try HeartbeatSeal.open(
                answer.body,
                trust: listener.cluster.trust,
                node: node.id,
                nonce: "nonce"
            )
            let current = try #require(heartbeat.current)
            #expect(current == publication.reference)
            let snapshot = try await listener.send(.get, NodeRequest.snapshotPath + current.sha256.hex, as: node)
            #expect(SHA256Digest.of(snapshot.body) == current.sha256)
            let secrets = try await listener.send(.get, NodeRequest.secretsPath + current.sha256.hex, as: node)
            #expect(SHA256Digest.of(secrets.body) == heartbeat.secretsSHA256)
        }
    }

    @Test func `who does not sign gets nothing`() async throws {
        try await TestListener.with { listener in
            let node = try await listener.join("n1")
            let digest = listener.cluster.fingerprint.hex
            for path in [NodeRequest.snapshotPath + digest, NodeRequest.secretsPath + digest] {
                let answer = try await listener.send(.get, path)
                #expect(answer.status == 401)
                #expect(answer.code == "not-authenticated")
            }
            let body = JSONWriter.write(listener.poll(node.id).json)
            let stranger = (id: node.id, identity: NodeIdentity())
            let answer = try await listener.send(.post, NodeRequest.pollPath, as: stranger, body: body)
            #expect(answer.status == 401)
            #expect(answer.code == "not-authenticated")
        }
    }

    @Test func `each refusal has its status and its code`() async throws {
        try await TestListener.with { listener in
            let node = try await listener.join("n1")
            let unknown = NodeRequest.snapshotPath + listener.cluster.fingerprint.hex
            let cases: [(TestListener.Answer, Int, String)] = [
                (try await listener.send(.get, "/"), 404, "not-found"),
                (try await listener.send(.get, NodeRequest.snapshotPath + "zz"), 404, "not-found"),
                (try await listener.send(.get, NodeRequest.pollPath), 405, "method-not-allowed"),
                (try await listener.send(.post, unknown), 405, "method-not-allowed"),
                (try await listener.send(.post, NodeRequest.joinPath, body: [0x7b]), 400, "invalid-request"),
                (try await listener.send(.get, unknown, as: node), 404, "unknown-snapshot"),
                (
                    try await listener.send(.post, NodeRequest.pollPath, as: node, body: Array("{}".utf8)), 400,
                    "invalid-request"
                ),
                (
                    try await listener.send(
                        .post,
                        NodeRequest.pollPath,
                        as: node,
                        body: [UInt8](repeating: 0x20, count: 33 * 1024)
                    ),
                    413, "request-too-large"
                ),
            ]
            for (answer, status, code) in cases {
                #expect(answer.status == status)
                #expect(answer.code == code)
            }
            #expect(try await listener.send(.get, "/livez").status == 200)
            #expect(try await listener.send(.get, "/readyz").status == 200)
        }
    }

    @Test func `a removed node is forbidden, and a header that comes twice is no header`() async throws {
        try await TestListener.with { listener in
            let node = try await listener.join("n1")
            let path = NodeRequest.snapshotPath + listener.cluster.fingerprint.hex
            var headers = try node.identity.signedHeaders(
                method: "GET",
                path: path,
                body: [],
                node: node.id,
                time: 0,
                nonce: "a"
            )
            headers.append((NodeRequest.nodeHeader, node.id))
            #expect(try await listener.send(.get, path, headers: headers).status == 401)
            _ = try await listener.enrolment.remove(node: node.id, by: "ann")
            let answer = try await listener.send(.get, path, as: node)
            #expect(answer.status == 403)
            #expect(answer.code == "node-removed")
        }
    }

    @Test func `who sends all of a large body before reading gets the refusal, then the end`() async throws {
        try await TestListener.with { listener in
            let eightMiB = [UInt8](repeating: 0x20, count: 8 * 1024 * 1024)
            for (path, status, text) in [
                (NodeRequest.joinPath, 413, "the body is larger than 32768 bytes"),
                (NodeRequest.pollPath, 401, "not-authenticated"), ("/", 404, "not-found"),
            ] {
                let answer = try await EagerClient.answer(
                    of: listener.base,
                    to: "POST \(path) HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"
                        + "content-length: \(eightMiB.count)\r\n\r\n",
                    body: eightMiB
                )
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
                #expect(answer.contains(text))
            }
        }
    }

    @Test func `while the database's disk is full nodes are served, and who wants to join comes again`() async throws {
        try await TestListener.with { listener in
            let publication = try await listener.publish()
            let node = try await listener.join("n1")
            let path = publication.reference.sha256.hex
            let running = listener.poll(node.id, running: publication.reference)
            let token = try await listener.invite()
            let join = try NodeIdentity().joinRequest(token: token, name: try #require(Slug("n2")))
            try await listener.fillDisk()
            let poll = try await listener.send(
                .post,
                NodeRequest.pollPath,
                as: node,
                body: JSONWriter.write(running.json)
            )
            #expect(poll.status == 200)
            #expect(try await listener.send(.get, NodeRequest.snapshotPath + path, as: node).status == 200)
            #expect(try await listener.send(.get, NodeRequest.secretsPath + path, as: node).status == 200)
            await listener.reports.store()
            let refused = try await listener.send(.post, NodeRequest.joinPath, body: JSONWriter.write(join.json))
            #expect(refused.status == 503)
            #expect(refused.code == "database-unavailable")
            #expect(refused.headers["retry-after"] != nil)
            try await listener.emptyDisk()
            let joined = try await listener.send(.post, NodeRequest.joinPath, body: JSONWriter.write(join.json))
            #expect(joined.status == 200)
            await listener.reports.store()
            let rows = try await listener.pool.withTransaction { try await NodeRepository.all(in: $0) }
            #expect(rows.count == 2)
            #expect(rows.first { $0.id == node.id }?.report?.running == publication.reference)
        }
    }

    @Test func `a node that joined while its secrets could not be stored gets the same answer when it asks again`()
        async throws
    {
        try await TestListener.with { listener in
            _ = try await listener.publish()
            let token = try await listener.invite()
            let join = try NodeIdentity().joinRequest(token: token, name: try #require(Slug("n1")))
            try await listener.fillDisk(of: ["node_secrets"])
            let refused = try await listener.send(.post, NodeRequest.joinPath, body: JSONWriter.write(join.json))
            #expect(refused.status == 503)
            try await listener.emptyDisk()
            let joined = try await listener.send(.post, NodeRequest.joinPath, body: JSONWriter.write(join.json))
            #expect(joined.status == 200)
            let rows = try await listener.pool.withTransaction { try await NodeRepository.all(in: $0) }
            #expect(rows.count == 1)
        }
    }

    @Test func `an oversized header is refused and the listener serves on`() async throws {
        try await TestListener.with { listener in
            let long = String(repeating: "a", count: 20_000)
            let answer = try? await listener.send(.get, "/livez", headers: [("x-long", long)])
            #expect(answer.map { $0.status >= 400 } ?? true)
            let next = try await listener.send(.get, "/livez")
            #expect(next.status == 200)
        }
    }
}
