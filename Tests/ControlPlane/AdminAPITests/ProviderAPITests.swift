import CurlTransport
import Testing
import Wire

struct ProviderAPITests {
    @Test func `a provider is created, read, replaced, patched and deleted`() async throws {
        try await AdminServer.with { server in
            let path = "/admin/v1/providers/demo"
            let created = try await server.send(.put, path, AdminServer.provider)
            #expect(created.status == 201)
            #expect(created.version == 1)
            #expect(created.eTag == "\"1\"")
            #expect(created.body["auth"] == ["scheme": "bearer", "secret_set": true, "secret_revision": 1])

            let read = try await server.send(.get, path)
            #expect(read.body["region"] == "eu-west")
            #expect(read.eTag == "\"1\"")

            let same = try await server.send(.put, path, AdminServer.provider)
            #expect(same.status == 200)
            #expect(same.version == 1, "an unchanged provider publishes nothing")
            #expect(same.eTag == "\"1\"")

            let patched = try await server.send(
                .patch,
                path,
                ["region": nil, "timeouts": ["idle_ms": 9]],
                type: "application/merge-patch+json"
            )
            #expect(patched.version == 2)
            #expect(patched.body["region"] == nil)
            #expect(patched.body["timeouts"]?["connect_ms"] == 1000)
            #expect(patched.body["auth"]?["secret_revision"] == 1, "the secret was left alone")
            #expect(patched.eTag == "\"2\"")

            // What was read can be sent back as it is.
            let again = try await server.send(.put, path, patched.body)
            #expect(again.version == 2)

            let deleted = try await server.send(.delete, path)
            #expect(deleted.body == ["deleted": true, "snapshot_version": 3])
            #expect(try await server.send(.get, path).status == 404)
            #expect(try await server.send(.delete, path).code == "not-found")
            #expect(try await server.send(.patch, path, ["enabled": false]).code == "not-found")
        }
    }

    @Test func `a secret is replaced and removed, and a name that is used again does not repeat revisions`()
        async throws
    {
        try await AdminServer.with { server in
            let path = "/admin/v1/providers/demo"
            try await server.send(.put, path, AdminServer.provider)
            let other = try await server.send(.patch, path, ["auth": ["secret": "sk-canary-other"]])
            #expect(other.body["auth"]?["secret_revision"] == 2)
            #expect(other.version == 2)
            let missing = try await server.send(.patch, path, ["auth": ["secret": nil]])
            #expect(missing.status == 422)
            #expect(missing.field == "auth.secret")
            let none = try await server.send(.patch, path, ["auth": ["scheme": "none", "secret": nil]])
            #expect(none.body["auth"] == ["scheme": "none", "secret_set": false, "secret_revision": 3])
            try await server.send(.delete, path)
            let renewed = try await server.send(.put, path, AdminServer.provider)
            #expect(renewed.body["auth"]?["secret_revision"] == 4)
        }
    }

    @Test func `a provider moves to another origin with its secret only`() async throws {
        try await AdminServer.with { server in
            let path = "/admin/v1/providers/demo"
            try await server.send(.put, path, AdminServer.provider)
            let move: JSONValue = ["base_url": "http://127.0.0.1:9", "allow_private_network": true]
            let patched = try await server.send(.patch, path, move)
            #expect(patched.status == 422)
            #expect(patched.field == "auth.secret")
            #expect(patched.message?.contains("base_url") == true)
            var whole = AdminServer.provider.objectValue ?? JSONObject()
            whole["base_url"] = "https://other.example"
            whole["auth"] = ["scheme": "bearer"]
            #expect(try await server.send(.put, path, .object(whole)).field == "auth.secret")
            let applied = try await server.send(.post, "/admin/v1/apply", ["providers": ["demo": .object(whole)]])
            #expect(applied.status == 422)
            #expect(applied.field == "providers.demo.auth.secret")

            // Nor by way of a scheme that needs none.
            whole["auth"] = ["scheme": "none"]
            let bare = try await server.send(.put, path, .object(whole))
            #expect(bare.body["auth"] == ["scheme": "none", "secret_set": false, "secret_revision": 2])
            let back = try await server.send(.patch, path, ["auth": ["scheme": "bearer"]])
            #expect(back.field == "auth.secret")

            // Nor by way of an older version, which gets back the secret that it had.
            whole["auth"] = ["scheme": "bearer", "secret": "sk-canary-elsewhere"]
            #expect(try await server.send(.put, path, .object(whole)).body["auth"]?["secret_revision"] == 3)
            let restored = try await server.send(.post, "/admin/v1/snapshots/1/restore")
            #expect(restored.status == 200)
            let provider = try await server.send(.get, path)
            #expect(provider.body["auth"]?["secret_revision"] == 4)
            // The same secret again is no change: it is the one that was restored.
            let again = try await server.send(.put, path, AdminServer.provider)
            #expect(again.body["auth"]?["secret_revision"] == 4)
        }
    }

    @Test func `If-Match and If-None-Match decide races`() async throws {
        try await AdminServer.with { server in
            let path = "/admin/v1/providers/demo"
            let absent = [("if-none-match", "*")]
            #expect(
                try await server.send(.put, path, AdminServer.provider, headers: [("if-match", "\"1\"")]).status == 412
            )
            #expect(try await server.send(.put, path, AdminServer.provider, headers: [("if-match", "*")]).status == 412)
            #expect(try await server.send(.put, path, AdminServer.provider, headers: absent).status == 201)
            let second = try await server.send(.put, path, AdminServer.provider, headers: absent)
            #expect(second.status == 412)
            #expect(second.code == "precondition-failed")
            #expect(
                try await server.send(.patch, path, ["enabled": false], headers: [("if-match", "\"2\"")]).status == 412
            )
            #expect(
                try await server.send(.patch, path, ["enabled": false], headers: [("if-match", "\"1\"")]).status == 200
            )
            #expect(try await server.send(.delete, path, headers: [("if-match", "\"1\"")]).status == 412)
            for bad in ["1", "W/\"1\"", "\"1\", \"2\"", "\"x\"", "\"01\"", ""] {
                let answer = try await server.send(.delete, path, headers: [("if-match", bad)])
                #expect(answer.status == 400 || bad.isEmpty, "\(bad)")
                guard bad.isEmpty else { continue }
            }
        }
    }

    @Test func `of two writers who read the same revision one loses`() async throws {
        try await AdminServer.with { server in
            let path = "/admin/v1/providers/demo"
            try await server.send(.put, path, AdminServer.provider)
            for round in 1...10 {
                let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                    for writer in ["a", "b"] {
                        group.addTask {
                            try await server.send(
                                .patch,
                                path,
                                ["region": .string("\(writer)-\(round)")],
                                headers: [("if-match", "\"\(round)\"")]
                            ).status
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(statuses.sorted() == [200, 412])
            }
        }
    }

    @Test func `a dry run tells what would change and changes nothing`() async throws {
        try await AdminServer.with { server in
            let path = "/admin/v1/providers/demo"
            let dry = try await server.send(.put, "\(path)?dry_run=true", AdminServer.provider)
            #expect(dry.status == 200)
            #expect(dry.body["changes"]?.arrayValue?.first?["action"] == "create")
            #expect(dry.version == nil)
            #expect(try await server.send(.get, path).status == 404)
            try await server.send(.put, path, AdminServer.provider)
            let patch = try await server.send(.patch, "\(path)?dry_run=true", ["enabled": false])
            #expect(
                patch.body["changes"]?.arrayValue?.first?["fields"] == [
                    ["field": "enabled", "before": true, "after": false]
                ]
            )
            let nothing = try await server.send(.patch, "\(path)?dry_run=true", ["enabled": true])
            #expect(nothing.body == ["dry_run": true, "changes": [], "snapshot_version": 1])
            #expect(try await server.send(.delete, "\(path)?dry_run=true").status == 200)
            #expect(try await server.send(.get, path).eTag == "\"1\"")
            #expect(try await server.send(.put, "\(path)?dry_run=maybe", AdminServer.provider).field == "dry_run")
        }
    }

    @Test func `what others refer to cannot be deleted or pulled away`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            let answer = try await server.send(.delete, "/admin/v1/providers/demo")
            #expect(answer.status == 409)
            #expect(answer.code == "still-referenced")
            #expect(answer.message?.contains("model demo/large, group default") == true)
            #expect(try await server.send(.delete, "/admin/v1/providers/demo/models/large").status == 409)
            try await server.send(.post, "/admin/v1/tokens", AdminServer.token)
            let group = try await server.send(.delete, "/admin/v1/groups/default")
            #expect(group.status == 409)
            #expect(group.message?.contains("token rtr_metrum_alice_search_prod_") == true)
            let broken = try await server.send(
                .patch,
                "/admin/v1/providers/demo",
                ["dialects": ["anthropic-messages": nil]]
            )
            #expect(broken.status == 409)
            #expect(broken.code == "breaks-configuration")
            #expect(broken.message?.contains("model demo/large declared.anthropic-messages") == true)
        }
    }

    @Test func `a wrong field is named`() async throws {
        try await AdminServer.with { server in
            let path = "/admin/v1/providers/demo"
            for (body, field) in [
                (["base_url": "x", "dialects": [:]], "base_url"), (["base_url": "https://a.example"], "dialects"),
                (["base_url": "https://10.0.0.1", "dialects": ["openai-chat": [:]]], "base_url"),
                (["id": "other", "base_url": "https://a.example", "dialects": ["openai-chat": [:]]], "id"),
                (["base_url": "https://a.example", "dialects": [:]], "dialects"),
            ] as [(JSONValue, String)] {
                let answer = try await server.send(.put, path, body)
                #expect(answer.status == 422, "\(body)")
                #expect(answer.field == field)
            }
            let name = try await server.send(.put, "/admin/v1/providers/Demo", AdminServer.provider)
            #expect(name.status == 400)
            #expect(name.field == "provider")
            #expect(try await server.send(.get, "/admin/v1/providers/Demo").status == 404)
        }
    }

    @Test func `fifty writers at once get fifty versions that only rise`() async throws {
        try await AdminServer.with(connections: 8) { server in
            let versions = try await withThrowingTaskGroup(of: Int?.self) { group in
                for number in 1...50 {
                    group.addTask {
                        let answer = try await server.send(.put, "/admin/v1/providers/p\(number)", AdminServer.provider)
                        #expect(answer.status == 201, "\(answer.body)")
                        return answer.version
                    }
                }
                return try await group.reduce(into: []) { $0.append($1 ?? 0) }
            }
            #expect(versions.sorted() == Array(1...50))
            let list = try await server.send(.get, "/admin/v1/snapshots?limit=500")
            let listed = list.body["data"]?.arrayValue?.compactMap { $0["version"]?.intValue }
            #expect(listed == Array((1...50).reversed()))
        }
    }

    @Test func `pages neither repeat nor skip, whatever is written meanwhile`() async throws {
        try await AdminServer.with { server in
            for number in 10...34 {
                try await server.send(.put, "/admin/v1/providers/p\(number)", AdminServer.provider)
            }
            var seen: [String] = []
            var query = "?limit=7"
            while true {
                let page = try await server.send(.get, "/admin/v1/providers\(query)")
                let names = page.body["data"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
                #expect(names.count <= 7)
                seen += names
                // Before and behind what was read, and what was read itself.
                if seen.count == 7 {
                    try await server.send(.put, "/admin/v1/providers/a-first", AdminServer.provider)
                    try await server.send(.put, "/admin/v1/providers/z-last", AdminServer.provider)
                    try await server.send(.delete, "/admin/v1/providers/p16")
                }
                guard let next = page.body["next_cursor"]?.stringValue else { break }
                query = "?limit=7&cursor=\(next)"
            }
            #expect(seen == (10...34).map { "p\($0)" } + ["z-last"])
            for bad in ["limit=0", "limit=501", "limit=x", "limit=1&limit=2", "cursor=%", "cursor=", "page=2"] {
                #expect(try await server.send(.get, "/admin/v1/providers?\(bad)").status == 400, "\(bad)")
            }
        }
    }
}
