import CurlTransport
import Identity
import Testing
import Wire

struct OperationsAPITests {
    private let document: JSONValue = [
        "providers": [
            "demo": .object(
                JSONObject(
                    (AdminServer.provider.objectValue ?? JSONObject()).members.map { ($0.name, $0.value) }
                        + [("models", ["large": AdminServer.model])]
                )
            )
        ],
        "groups": ["default": AdminServer.group],
    ]

    @Test func `a document is applied as a whole, twice without effect, and told before`() async throws {
        try await AdminServer.with { server in
            let dry = try await server.send(.post, "/admin/v1/apply?dry_run=true", self.document)
            #expect(dry.body["changes"]?.arrayValue?.count == 3)
            #expect(dry.body["dry_run"] == true)
            let applied = try await server.send(.post, "/admin/v1/apply", self.document)
            #expect(applied.version == 1)
            #expect(applied.body["changes"] == dry.body["changes"])
            let again = try await server.send(.post, "/admin/v1/apply", self.document)
            #expect(again.body["changes"] == [])
            #expect(again.version == 1)
        }
    }

    @Test func `a document may be YAML`() async throws {
        try await AdminServer.with { server in
            let text = """
                providers:
                  demo:
                    base_url: http://127.0.0.1:8099
                    dialects: { openai-chat: {}, openai-responses: {}, anthropic-messages: {} }
                    auth: { scheme: bearer, secret: sk-canary-yaml }
                    allow_private_network: true
                    models:
                      demo-1: { upstream_model: demo-1, context_tokens: 128000 }
                groups:
                  default: { targets: [ { id: demo, provider: demo, model: demo-1, weight: 1 } ] }
                """
            let answer = try await server.yaml(text)
            #expect(answer.status == 200)
            #expect(answer.body["changes"]?.arrayValue?.count == 3)
            let wrong = try await server.yaml(text.replacing("weight: 1", with: "weight: -1"))
            #expect(wrong.status == 422)
            #expect(wrong.field == "groups.default.targets[0].weight")
            let broken = try await server.yaml("a: [1\n")
            #expect(broken.status == 400)
            #expect(broken.code == "invalid-request")
            #expect(broken.message?.contains("line") == true)
            let unresolved = try await server.yaml(text.replacing("sk-canary-yaml", with: "{ env: DEMO_KEY }"))
            #expect(unresolved.field == "providers.demo.auth.secret")
        }
    }

    @Test func `a document that fails anywhere changes nothing`() async throws {
        try await AdminServer.with { server in
            var object = self.document.objectValue ?? JSONObject()
            object["groups"] = [
                "default": AdminServer.group, "other": ["targets": [["id": "x", "provider": "demo", "model": "none"]]],
            ]
            let answer = try await server.send(.post, "/admin/v1/apply", .object(object))
            #expect(answer.status == 422)
            #expect(answer.code == "invalid-configuration")
            #expect(answer.field == "groups.other.targets[0].model")
            #expect(try await server.send(.get, "/admin/v1/providers").body["data"] == [])
            #expect(try await server.send(.get, "/admin/v1/snapshots").body["data"] == [])
        }
    }

    @Test func `pruning deletes what is not named, unless something needs it`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            try await server.send(.put, "/admin/v1/groups/old", ["targets": []])
            let kept = try await server.send(.post, "/admin/v1/apply", self.document)
            #expect(kept.body["changes"] == [])
            let pruned = try await server.send(.post, "/admin/v1/apply?prune=true", self.document)
            #expect(pruned.body["changes"]?.arrayValue?.compactMap { $0["key"] } == ["old"])
            try await server.send(.post, "/admin/v1/tokens", AdminServer.token)
            let refused = try await server.send(.post, "/admin/v1/apply", ["groups": [:], "prune": true])
            #expect(refused.status == 409)
            #expect(refused.code == "still-referenced")
        }
    }

    @Test func `snapshots are listed, compared and restored under a new version`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            try await server.send(.patch, "/admin/v1/providers/demo", ["region": "us"])
            let created = try await server.send(.post, "/admin/v1/tokens", AdminServer.token)
            let id = created.body["id"]?.stringValue ?? ""
            try await server.send(.patch, "/admin/v1/groups/default", ["targets": []])
            try await server.send(.delete, "/admin/v1/tokens/\(id)")

            let one = try await server.send(.get, "/admin/v1/snapshots/4")
            #expect(one.body["against"] == 3)
            #expect(one.body["counts"] == ["providers": 1, "models": 1, "groups": 1, "tokens": 0])
            #expect(
                one.body["changes"]?.arrayValue?.first?["fields"] == [
                    ["field": "region", "before": "eu-west", "after": "us"]
                ]
            )
            #expect(one.body["created_by"] == "root")
            let diff = try await server.send(.get, "/admin/v1/snapshots/7/diff?against=3")
            #expect(
                diff.body["changes"]?.arrayValue?.compactMap { $0["kind"]?.stringValue } == [
                    "provider", "group", "token",
                ]
            )
            #expect(try await server.send(.get, "/admin/v1/snapshots/1/diff").body["against"] == .null)
            #expect(try await server.send(.get, "/admin/v1/snapshots/99").status == 404)
            #expect(try await server.send(.get, "/admin/v1/snapshots/1/diff?against=99").status == 404)
            #expect(try await server.send(.get, "/admin/v1/snapshots/x").status == 404)

            let dry = try await server.send(.post, "/admin/v1/snapshots/3/restore?dry_run=true")
            #expect(dry.body["changes"]?.arrayValue?.count == 2)
            let restored = try await server.send(.post, "/admin/v1/snapshots/3/restore")
            #expect(restored.version == 8)
            #expect(try await server.send(.get, "/admin/v1/providers/demo").body["region"] == "eu-west")
            #expect(try await server.send(.get, "/admin/v1/groups/default").body["targets"]?.arrayValue?.count == 1)
            #expect(try await server.send(.get, "/admin/v1/tokens/\(id)").body["state"] == "revoked")
            let latest = try await server.send(.get, "/admin/v1/snapshots?limit=1")
            #expect(latest.body["data"]?.arrayValue?.first?["restored_from"] == 3)
            let next = try #require(latest.body["next_cursor"]?.stringValue)
            let second = try await server.send(.get, "/admin/v1/snapshots?limit=1&cursor=\(next)")
            #expect(second.body["data"]?.arrayValue?.first?["version"] == 7)
        }
    }

    @Test func `restoring brings back a deleted provider with its secret`() async throws {
        try await AdminServer.with { server in
            try await server.send(.put, "/admin/v1/providers/demo", AdminServer.provider)
            try await server.send(.delete, "/admin/v1/providers/demo")
            let restored = try await server.send(.post, "/admin/v1/snapshots/1/restore")
            #expect(restored.status == 200)
            let provider = try await server.send(.get, "/admin/v1/providers/demo")
            #expect(provider.body["auth"] == ["scheme": "bearer", "secret_set": true, "secret_revision": 2])
            // The same secret again is no change: it is the one that was restored.
            #expect(try await server.send(.put, "/admin/v1/providers/demo", AdminServer.provider).version == 3)
        }
    }

    @Test func `the audit log tells who did what, in one chain`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            let op = try await server.admin("operator")
            let write = try await server.send(.patch, "/admin/v1/providers/demo", ["enabled": false], as: op)
            let log = try await server.send(.get, "/admin/v1/audit?limit=2")
            let entry = log.body["data"]?.arrayValue?.first
            #expect(entry?["actor"] == "the-operator")
            #expect(entry?["action"] == "update")
            #expect(entry?["kind"] == "provider")
            #expect(entry?["key"] == "demo")
            #expect(entry?["change"]?["fields"]?.arrayValue?.first?["field"] == "enabled")
            #expect(entry?["request_id"]?.stringValue == write.headers["x-request-id"])
            let next = try #require(log.body["next_cursor"]?.stringValue)
            let rest = try await server.send(.get, "/admin/v1/audit?limit=500&cursor=\(next)")
            let sequences = ((log.body["data"]?.arrayValue ?? []) + (rest.body["data"]?.arrayValue ?? []))
                .compactMap { $0["sequence"]?.intValue }
            #expect(sequences == Array((1...sequences.count).reversed()))
            // A dry run and a refused write leave no entry.
            try await server.send(.put, "/admin/v1/groups/x?dry_run=true", ["targets": []])
            try await server.send(.put, "/admin/v1/groups/x", ["targets": 1])
            let after = try await server.send(.get, "/admin/v1/audit?limit=1")
            #expect(after.body["data"]?.arrayValue?.first?["sequence"] == entry?["sequence"])
        }
    }

    @Test func `nodes join, are listed and removed`() async throws {
        try await AdminServer.with { server in
            let invitation = try await server.send(.post, "/admin/v1/join-tokens", ["valid_seconds": 120])
            #expect(invitation.status == 201)
            #expect(invitation.body["token"]?.stringValue?.hasPrefix("rtj_") == true)
            #expect(try await server.send(.post, "/admin/v1/join-tokens").status == 201)
            #expect(
                try await server.send(.post, "/admin/v1/join-tokens", ["valid_seconds": 1]).field == "valid_seconds"
            )
            #expect(try await server.send(.post, "/admin/v1/join-tokens", ["x": 1]).field == "x")
            let node = try await server.join("node-1")
            let list = try await server.send(.get, "/admin/v1/nodes")
            #expect(list.body["data"]?.arrayValue?.first?["name"] == "node-1")
            #expect(list.body["data"]?.arrayValue?.first?["running"] == .null)
            #expect(try await server.send(.delete, "/admin/v1/nodes/\(node)").body == ["deleted": true])
            #expect(try await server.send(.delete, "/admin/v1/nodes/\(node)").status == 404)
            #expect(try await server.send(.get, "/admin/v1/nodes").body["data"] == [])
        }
    }
}
