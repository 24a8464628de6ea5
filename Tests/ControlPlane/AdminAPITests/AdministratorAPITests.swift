import Administration
import Catalog
import CurlTransport
import Identity
import Testing
import Wire

struct AdministratorAPITests {
    @Test func `administrators are made, changed, rotated and deleted`() async throws {
        try await AdminServer.with { server in
            let created = try await server.send(
                .post,
                "/admin/v1/admins",
                ["id": "ops", "role": "operator", "description": "on call"]
            )
            #expect(created.status == 201)
            let token = Secret(try #require(created.body["token"]?.stringValue))
            #expect(try await server.send(.get, "/admin/v1/admins/ops", as: token).status == 200)
            let duplicate = try await server.send(.post, "/admin/v1/admins", ["id": "ops", "role": "viewer"])
            #expect(duplicate.code == "already-exists")
            for (method, path, body) in [
                (.post, "/admin/v1/admins", ["id": "other", "role": "viewer"]),
                (.patch, "/admin/v1/admins/ops", ["role": "viewer"]), (.post, "/admin/v1/admins/ops/rotate", nil),
                (.delete, "/admin/v1/admins/ops", nil),
            ] as [(TransferRequest.Method, String, JSONValue?)] {
                let dry = try await server.send(method, "\(path)?dry_run=true", body)
                #expect(dry.status == 200)
                #expect(dry.body["token"] == nil)
                #expect(dry.body["changes"]?.arrayValue?.count == 1)
            }
            #expect(try await server.send(.get, "/admin/v1/admins/ops", as: token).body["role"] == "operator")
            #expect(try await server.send(.get, "/admin/v1/admins/other").status == 404)
            let patched = try await server.send(.patch, "/admin/v1/admins/ops", ["description": nil, "role": "viewer"])
            #expect(patched.body["role"] == "viewer")
            #expect(patched.body["description"] == nil)
            let rotated = try await server.send(.post, "/admin/v1/admins/ops/rotate")
            #expect(try await server.send(.get, "/admin/v1/admins", as: token).status == 401)
            let newToken = Secret(try #require(rotated.body["token"]?.stringValue))
            #expect(try await server.send(.get, "/admin/v1/admins", as: newToken).status == 200)
            #expect(
                try await server.send(.delete, "/admin/v1/admins/ops", headers: [("if-match", "\"1\"")]).status == 412
            )
            #expect(try await server.send(.delete, "/admin/v1/admins/ops").body == ["deleted": true])
            #expect(try await server.send(.get, "/admin/v1/admins", as: newToken).status == 401)
            #expect(try await server.send(.get, "/admin/v1/admins/ops").status == 404)
            #expect(try await server.send(.patch, "/admin/v1/admins/root", ["role": "owner"]).field == "role")
        }
    }

    @Test func `the last administrator stays`() async throws {
        try await AdminServer.with { server in
            let deleted = try await server.send(.delete, "/admin/v1/admins/root")
            #expect(deleted.status == 409)
            #expect(deleted.code == "last-admin")
            #expect(try await server.send(.patch, "/admin/v1/admins/root", ["role": "viewer"]).code == "last-admin")
            #expect(try await server.send(.get, "/admin/v1/admins/root").body["role"] == "admin")
        }
    }

    @Test func `an expired administrator is nobody`() async throws {
        try await AdminServer.with { server in
            let soon = RFC3339.format(ContinuousClock.wallMilliseconds + 3_600_000)
            let created = try await server.send(
                .post,
                "/admin/v1/admins",
                ["id": "guest", "role": "viewer", "expires_at": .string(soon)]
            )
            #expect(created.body["expires_at"]?.stringValue == soon)
            let token = Secret(try #require(created.body["token"]?.stringValue))
            #expect(try await server.send(.get, "/admin/v1/groups", as: token).status == 200)
            try await server.expire("guest")
            #expect(try await server.send(.get, "/admin/v1/groups", as: token).status == 401)
            #expect(
                try await server.send(.patch, "/admin/v1/admins/root", ["expires_at": "2001-01-01T00:00:00Z"]).status
                    == 422
            )
        }
    }

    @Test func `a role may do what it may and no more`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            let viewer = try await server.admin("viewer")
            let op = try await server.admin("operator")
            #expect(try await server.send(.get, "/admin/v1/providers/demo", as: viewer).status == 200)
            #expect(try await server.send(.get, "/admin/v1/audit", as: viewer).status == 200)
            for (method, path, body) in [
                (.put, "/admin/v1/groups/x", ["targets": []]), (.delete, "/admin/v1/groups/default", nil),
                (.post, "/admin/v1/tokens", AdminServer.token), (.post, "/admin/v1/apply", [:]),
                (.post, "/admin/v1/snapshots/1/restore", nil),
                (.post, "/admin/v1/admins", ["id": "x", "role": "viewer"]),
            ] as [(TransferRequest.Method, String, JSONValue?)] {
                let answer = try await server.send(method, path, body, as: viewer)
                #expect(answer.status == 403, "\(method) \(path)")
                #expect(answer.code == "forbidden")
            }
            #expect(try await server.send(.put, "/admin/v1/groups/x", ["targets": []], as: op).status == 201)
            #expect(
                try await server.send(.post, "/admin/v1/admins", ["id": "x", "role": "viewer"], as: op).status == 201
            )
            #expect(
                try await server.send(.post, "/admin/v1/admins", ["id": "y", "role": "admin"], as: op).status == 403
            )
            #expect(try await server.send(.patch, "/admin/v1/admins/x", ["role": "admin"], as: op).status == 403)
            #expect(try await server.send(.post, "/admin/v1/admins/root/rotate", as: op).status == 403)
            #expect(try await server.send(.delete, "/admin/v1/admins/root", as: op).status == 403)
            #expect(try await server.send(.post, "/admin/v1/join-tokens", as: op).status == 403)
            #expect(try await server.send(.delete, "/admin/v1/nodes/x", as: op).status == 403)
        }
    }

    @Test func `bootstrapping again needs a word, and replaces the token`() async throws {
        try await AdminServer.with { server in
            let root = try #require(Slug("root"))
            await #expect(throws: (any Error).self) {
                try await server.admins.bootstrap(root, role: .admin, replacing: false)
            }
            let issued = try await server.admins.bootstrap(root, role: .admin, replacing: true)
            #expect(try await server.send(.get, "/admin/v1/groups").status == 401)
            #expect(try await server.send(.get, "/admin/v1/groups", as: issued.token).status == 200)
        }
    }
}
