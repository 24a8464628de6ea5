import CurlTransport
import Identity
import Testing
import Wire

extension AdminServer {
    static let canary = "sk-canary-7f3a9b"

    static let provider: JSONValue = [
        "base_url": "https://api.example.com/v1",
        "dialects": [
            "openai-chat": ["path": "/chat/completions"], "openai-responses": ["path": "/responses"],
            "anthropic-messages": ["path": "/messages"],
        ],
        "auth": ["scheme": "bearer", "secret": .string(AdminServer.canary)],
        "headers": ["x-team": "blue"],
        "timeouts": ["connect_ms": 1000, "first_byte_ms": 2000, "idle_ms": 3000, "total_ms": 4000],
        "shape": [:], "region": "eu-west", "enabled": true, "allow_private_network": false,
    ]

    static let model: JSONValue = [
        "upstream_model": "vendor/large:2026", "context_tokens": 128_000, "max_output_tokens": 8192,
        "declared": .object(
            JSONObject(
                ["openai-chat", "openai-responses", "anthropic-messages"].map {
                    (
                        $0,
                        [
                            "input_modalities": ["text"], "tools": true, "parallel_tools": true,
                            "structured_output": true, "reasoning": false,
                        ]
                    )
                }
            )
        ),
        "quirks": ["no_stream_options": true],
    ]

    static let group: JSONValue = [
        "display_name": "Default", "description": "for most", "strategy": "weighted",
        "targets": [
            [
                "id": "first", "provider": "demo", "model": "large", "weight": 3, "priority": 1, "enabled": true,
                "tags": ["eu"],
            ]
        ],
        "requirements": ["capabilities": "proven"], "attempts": ["max": 3],
        "timeouts": ["connect_ms": 1, "first_byte_ms": 2, "idle_ms": 3, "total_ms": 4],
        "cache": [:],
    ]

    static let token: JSONValue = [
        "user": "alice", "project": "search", "environment": "prod", "allow": ["default"],
    ]

    /// A provider `demo` with a model `large` and a group `default`.
    func fill() async throws {
        #expect(try await self.send(.put, "/admin/v1/providers/demo", AdminServer.provider).status == 201)
        #expect(try await self.send(.put, "/admin/v1/providers/demo/models/large", AdminServer.model).status == 201)
        #expect(try await self.send(.put, "/admin/v1/groups/default", AdminServer.group).status == 201)
    }

    /// An administrator of a role, and its token.
    func admin(_ role: String) async throws -> Secret {
        let answer = try await self.send(
            .post,
            "/admin/v1/admins",
            ["id": .string("the-\(role)"), "role": .string(role)]
        )
        #expect(answer.status == 201)
        return Secret(try #require(answer.body["token"]?.stringValue))
    }
}
