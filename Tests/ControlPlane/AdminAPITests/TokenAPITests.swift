import Catalog
import CurlTransport
import Identity
import Testing
import Wire

struct TokenAPITests {
    @Test func `a token is shown once, and its names follow the grammar`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            let created = try await server.send(.post, "/admin/v1/tokens", AdminServer.token)
            #expect(created.status == 201)
            let id = try #require(created.body["id"]?.stringValue)
            let text = try #require(created.body["token"]?.stringValue)
            let token = try #require(CallerToken(text))
            #expect(token.id == id)
            #expect(TokenID(id)?.user.text == "alice")
            #expect(created.body["key"]?.stringValue?.hasPrefix("k20") == true)
            let second = try await server.send(.post, "/admin/v1/tokens", AdminServer.token)
            #expect(second.body["key"]?.stringValue == created.body["key"]?.stringValue.map { "\($0)-2" })

            let read = try await server.send(.get, "/admin/v1/tokens/\(id)")
            #expect(read.body["token"] == nil)
            #expect(read.body["state"] == "active")
            let list = try await server.send(.get, "/admin/v1/tokens")
            #expect(list.body["data"]?.arrayValue?.count == 2)
            #expect(!String(decoding: list.bytes, as: UTF8.self).contains(text))

            let dry = try await server.send(.post, "/admin/v1/tokens?dry_run=true", AdminServer.token)
            #expect(dry.body["token"] == nil)
            #expect(dry.body["changes"]?.arrayValue?.first?["action"] == "create")
            #expect(try await server.send(.get, "/admin/v1/tokens").body["data"]?.arrayValue?.count == 2)
        }
    }

    @Test func `a token may only be allowed groups that there are`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            var body = AdminServer.token.objectValue ?? JSONObject()
            body["allow"] = ["default", "nobody"]
            let answer = try await server.send(.post, "/admin/v1/tokens", .object(body))
            #expect(answer.status == 422)
            #expect(answer.field == "allow")
            body["allow"] = ["default"]
            body["key"] = "main"
            #expect(try await server.send(.post, "/admin/v1/tokens", .object(body)).status == 201)
            let taken = try await server.send(.post, "/admin/v1/tokens", .object(body))
            #expect(taken.status == 422)
            #expect(taken.field == "key")
        }
    }

    @Test func `a token is patched, and its times keep to the policy`() async throws {
        try await AdminServer.with(policy: TokenPolicy(allowsUnlimited: true)) { server in
            try await server.fill()
            let created = try await server.send(.post, "/admin/v1/tokens", AdminServer.token)
            let path = "/admin/v1/tokens/\(created.body["id"]?.stringValue ?? "")"
            let patched = try await server.send(
                .patch,
                path,
                ["description": "searching", "endpoints": ["openai-chat"], "allow": []],
                headers: [("if-match", created.eTag)]
            )
            #expect(patched.status == 200)
            #expect(patched.body["endpoints"] == ["openai-chat"])
            #expect(patched.body["allow"] == [])
            #expect(try await server.send(.get, path).body["allow"] == [])
            #expect(try await server.send(.patch, path, ["expires_at": nil]).body["expires_at"] == .null)
            #expect(try await server.send(.patch, path, ["expires_at": "2001-01-01T00:00:00Z"]).field == "expires_at")
            #expect(try await server.send(.patch, path, ["user": "eve"]).field == "user")
            #expect(try await server.send(.patch, path, [:], headers: [("if-match", "\"1\"")]).status == 412)
            #expect(try await server.send(.patch, "\(path)x", [:]).status == 404)
            #expect(try await server.send(.get, "/admin/v1/tokens/nonsense").status == 404)
        }
    }

    @Test func `a token is strict when that is said, and everything tells it`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            let created = try await server.send(.post, "/admin/v1/tokens", AdminServer.token)
            #expect(created.body["strict"] == false)
            let path = "/admin/v1/tokens/\(created.body["id"]?.stringValue ?? "")"
            let fields: JSONValue = [["field": "strict", "before": false, "after": true]]
            let dry = try await server.send(.patch, "\(path)?dry_run=true", ["strict": true])
            #expect(dry.body["changes"]?.arrayValue?.map { $0["fields"] } == [fields])
            #expect(try await server.send(.get, path).body["strict"] == false)

            let patched = try await server.send(.patch, path, ["strict": true])
            #expect(patched.body["strict"] == true)
            #expect(try await server.send(.get, path).body["strict"] == true)
            let list = try await server.send(.get, "/admin/v1/tokens")
            #expect(list.body["data"]?.arrayValue?.map { $0["strict"] } == [true])
            let version = try #require(patched.version)
            let snapshot = try await server.send(.get, "/admin/v1/snapshots/\(version)")
            #expect(snapshot.body["changes"]?.arrayValue?.map { $0["fields"] } == [fields])
            let log = try await server.send(.get, "/admin/v1/audit?limit=1")
            let change = log.body["data"]?.arrayValue?.first?["change"]?["fields"]?.arrayValue?.first
            #expect(change?["field"] == "strict")
            #expect(change?["before"] == false)
            #expect(change?["after"] == true)

            // It stays when something else changes, and the same again publishes nothing.
            #expect(try await server.send(.patch, path, ["description": "x"]).body["strict"] == true)
            #expect(try await server.send(.patch, path, ["strict": true]).version == version)
            let rotated = try await server.send(.post, "\(path)/rotate", ["overlap_seconds": 60])
            #expect(rotated.body["strict"] == true)
            #expect(try await server.send(.patch, path, ["strict": nil]).body["strict"] == false)
            #expect(try await server.send(.patch, path, ["strict": "yes"]).field == "strict")

            var body = AdminServer.token.objectValue ?? JSONObject()
            body["strict"] = true
            #expect(try await server.send(.post, "/admin/v1/tokens", .object(body)).body["strict"] == true)
            body["strict"] = 1
            let refused = try await server.send(.post, "/admin/v1/tokens", .object(body))
            #expect(refused.status == 422)
            #expect(refused.field == "strict")
        }
    }

    @Test func `a cursor that no list gave out is refused by its name`() async throws {
        try await AdminServer.with { server in
            for path in ["tokens", "providers", "audit", "snapshots", "validations"] {
                let refused = try await server.send(.get, "/admin/v1/\(path)?cursor=AA")
                #expect(refused.status == 400)
                #expect(refused.field == "cursor")
            }
        }
    }

    @Test func `a revoked token stays revoked and holds no group`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            let created = try await server.send(.post, "/admin/v1/tokens", AdminServer.token)
            let path = "/admin/v1/tokens/\(created.body["id"]?.stringValue ?? "")"
            let dry = try await server.send(.delete, "\(path)?dry_run=true")
            #expect(dry.body["changes"]?.arrayValue?.first?["key"] == created.body["id"])
            #expect(try await server.send(.get, path).body["state"] == "active")
            let revoked = try await server.send(.delete, path)
            let told: JSONValue = [
                "revoked": true, "nodes_known": true, "acked": [], "pending": [], "snapshot_version": 5,
            ]
            #expect(revoked.body == told)
            let again = try await server.send(.delete, path)
            #expect(again.body["revoked"] == true)
            #expect(again.version == 5)
            let read = try await server.send(.get, path)
            #expect(read.body["state"] == "revoked")
            #expect(read.body["revoked_at"] != nil)
            let patched = try await server.send(.patch, path, ["description": "x"])
            #expect(patched.status == 409)
            #expect(patched.code == "token-revoked")
            #expect(try await server.send(.post, "\(path)/rotate").status == 409)
            #expect(try await server.send(.delete, "/admin/v1/groups/default").status == 200)
            #expect(try await server.send(.get, path).body["allow"] == [])
            // Its id is never given out again.
            var body = AdminServer.token.objectValue ?? JSONObject()
            body["allow"] = []
            body["key"] = created.body["key"]
            #expect(try await server.send(.post, "/admin/v1/tokens", .object(body)).field == "key")
        }
    }

    @Test func `revoking names the nodes that have not been heard from`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            let node = try await server.join("node-1")
            let created = try await server.send(.post, "/admin/v1/tokens", AdminServer.token)
            let revoked = try await server.send(
                .delete,
                "/admin/v1/tokens/\(created.body["id"]?.stringValue ?? "")"
            )
            #expect(revoked.body["pending"] == [["node": "node-1", "last_seen": .null]])
            let nodes = try await server.send(.get, "/admin/v1/nodes")
            #expect(nodes.body["data"]?.arrayValue?.first?["id"]?.stringValue == node)
        }
    }

    @Test func `a rotated token gives its rights to a new one`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            let created = try await server.send(.post, "/admin/v1/tokens", AdminServer.token)
            let path = "/admin/v1/tokens/\(created.body["id"]?.stringValue ?? "")"
            let rotated = try await server.send(.post, "\(path)/rotate", ["overlap_seconds": 3600])
            #expect(rotated.status == 201)
            #expect(rotated.body["allow"] == ["default"])
            #expect(rotated.body["id"] != created.body["id"])
            #expect(rotated.body["token"]?.stringValue.flatMap { CallerToken($0) } != nil)
            let old = try await server.send(.get, path)
            #expect(old.body["state"] == "active")
            let end = try #require(old.body["expires_at"]?.stringValue.flatMap { RFC3339.parse($0) })
            #expect(abs(end - ContinuousClock.wallMilliseconds - 3_600_000) < 60_000)

            let newPath = "/admin/v1/tokens/\(rotated.body["id"]?.stringValue ?? "")"
            let atOnce = try await server.send(.post, "\(newPath)/rotate")
            #expect(atOnce.status == 201)
            #expect(try await server.send(.get, newPath).body["state"] == "revoked")
            #expect(try await server.send(.post, "\(path)/rotate", ["overlap_seconds": -1]).field == "overlap_seconds")
            #expect(try await server.send(.post, "\(path)/rotate?dry_run=true").body["token"] == nil)
        }
    }
}
