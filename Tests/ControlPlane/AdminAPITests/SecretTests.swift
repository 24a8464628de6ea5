import CurlTransport
import Identity
import Testing
import Wire

struct SecretTests {
    @Test func `no secret comes out of any answer, log line or table`() async throws {
        try await AdminServer.with { server in
            let canary = AdminServer.canary
            try await server.fill()
            // Every way in which a secret is sent, also wrongly.
            try await server.send(.patch, "/admin/v1/providers/demo", ["auth": ["secret": .string("\(canary)-2")]])
            try await server.send(.put, "/admin/v1/providers/demo?dry_run=true", AdminServer.provider)
            try await server.send(.put, "/admin/v1/providers/other", ["auth": ["secret": .string(canary)]])
            try await server.send(
                .put,
                "/admin/v1/providers/other",
                [
                    "base_url": "https://a.example", "dialects": [:],
                    "auth": ["scheme": "bearer", "secret": .string(canary)],
                ]
            )
            try await server.send(
                .post,
                "/admin/v1/apply",
                ["providers": ["demo": ["auth": ["secret": .string(canary)]]]]
            )
            _ = try await server.yaml("providers: { x: { auth: { secret: \(canary), secret: \(canary) } } }")
            _ = try await server.yaml("providers: { x: [ \(canary)")
            try await server.send(.post, "/admin/v1/snapshots/1/restore?dry_run=true")
            for path in [
                "providers", "providers/demo", "providers/demo/models", "groups", "tokens", "admins", "nodes",
                "snapshots", "snapshots/4", "snapshots/4/diff?against=1", "audit", "openapi.json",
            ] {
                #expect(try await server.send(.get, "/admin/v1/\(path)").status == 200, "\(path)")
            }
            #expect(!server.answers.contains(canary))

            let created = try await server.send(.post, "/admin/v1/tokens", AdminServer.token)
            let token = try #require(created.body["token"]?.stringValue)
            let admin = try await server.admin("viewer").withExposedText { $0 }
            let root = server.root.withExposedText { $0 }
            let before = server.answers.components(of: token)
            for path in ["tokens", "admins", "audit?limit=500", "snapshots/6"] {
                try await server.send(.get, "/admin/v1/\(path)")
            }
            // A token in a path is a mistake that must not be repeated to others.
            try await server.send(.get, "/admin/v1/tokens/\(token)")
            #expect(server.answers.components(of: token) == before, "shown once")

            let dump = try await server.dump().lowercased()
            #expect(dump.contains("demo"))
            let log = server.log.text
            #expect(log.contains("admin request"))
            for secret in [canary, token, admin, root] {
                let end = String(secret.suffix(40))
                #expect(!log.contains(end))
                #expect(!dump.contains(end.lowercased()))
                #expect(!dump.contains(Hex.encode(Array(end.utf8))))
            }
        }
    }
}

extension String {
    /// How often `part` occurs.
    func components(of part: String) -> Int { self.split(separator: part, omittingEmptySubsequences: false).count - 1 }
}
