import CurlTransport
import Testing
import Wire

struct ModelAndGroupAPITests {
    @Test func `a model lives and dies with its provider's leave`() async throws {
        try await AdminServer.with { server in
            let path = "/admin/v1/providers/demo/models/large"
            #expect(try await server.send(.put, path, AdminServer.model).status == 404)
            try await server.send(.put, "/admin/v1/providers/demo", AdminServer.provider)
            let created = try await server.send(.put, path, AdminServer.model)
            #expect(created.status == 201)
            #expect(created.body["provider"] == "demo")
            let patched = try await server.send(.patch, path, ["declared": ["openai-chat": ["reasoning": true]]])
            #expect(patched.body["declared"]?["openai-chat"]?["reasoning"] == true)
            #expect(patched.body["declared"]?["openai-chat"]?["tools"] == true)
            #expect(try await server.send(.get, path).body["upstream_model"] == "vendor/large:2026")
            let list = try await server.send(.get, "/admin/v1/providers/demo/models")
            #expect(list.body["data"]?.arrayValue?.count == 1)
            #expect(try await server.send(.get, "/admin/v1/providers/other/models").status == 404)
            #expect(try await server.send(.put, path, ["upstream_model": 1]).field == "upstream_model")
            let undeclared = try await server.send(.put, path, ["upstream_model": "m", "provider": "other"])
            #expect(undeclared.field == "provider")
            #expect(try await server.send(.delete, path).status == 200)
            #expect(try await server.send(.delete, path).status == 404)
            #expect(try await server.send(.patch, path, [:]).status == 404)
        }
    }

    @Test func `a group keeps the order of its targets and names the one that is wrong`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            let path = "/admin/v1/groups/default"
            let targets: [JSONValue] = ["z", "a", "m"].map { id in
                ["id": .string(id), "provider": "demo", "model": "large"]
            }
            let answer = try await server.send(.patch, path, ["targets": .array(targets)])
            #expect(answer.body["targets"]?.arrayValue?.compactMap { $0["id"]?.stringValue } == ["z", "a", "m"])
            let read = try await server.send(.get, path)
            #expect(read.body["targets"]?.arrayValue?.compactMap { $0["id"]?.stringValue } == ["z", "a", "m"])
            let wrong = try await server.send(
                .put,
                path,
                ["targets": [["id": "x", "provider": "demo", "model": "none"]]]
            )
            #expect(wrong.status == 422)
            #expect(wrong.field == "targets[0].model")
            #expect(try await server.send(.get, "/admin/v1/groups").body["data"]?.arrayValue?.count == 1)
            #expect(try await server.send(.delete, path).status == 200)
            #expect(try await server.send(.get, path).status == 404)
        }
    }
}
