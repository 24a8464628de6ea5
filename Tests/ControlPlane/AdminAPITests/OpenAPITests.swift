import Catalog
import CurlTransport
import Testing
import Wire

struct OpenAPITests {
    @Test func `every described operation is there, and every operation is described`() async throws {
        try await AdminServer.with { server in
            let check = try await server.openAPI()
            #expect(check.document["openapi"] == "3.1.0")
            var ids: Set<String> = []
            var count = 0
            for (template, item) in check.document["paths"]?.objectValue?.members ?? [] {
                for (method, operation) in item.objectValue?.members ?? [] {
                    count += 1
                    ids.insert(operation["operationId"]?.stringValue ?? "")
                    let path = template.split(separator: "/").map { $0.hasPrefix("{") ? "1" : String($0) }
                    let verb = try #require(TransferRequest.Method(rawValue: method.uppercased()))
                    let answer = try await server.send(verb, "/" + path.joined(separator: "/"))
                    #expect(answer.message != "there is no such path", "\(method) \(template)")
                    #expect(answer.status != 405, "\(method) \(template)")
                    for (_, response) in operation["responses"]?.objectValue?.members ?? [] {
                        let schema = response["content"]?["application/json"]?["schema"]
                        let name = schema?["$ref"]?.stringValue?.split(separator: "/").last.map(String.init) ?? ""
                        #expect(check.document["components"]?["schemas"]?[name] != nil, "\(template): \(name)")
                    }
                }
            }
            #expect(ids.count == count)
            #expect(count == 46)
        }
    }

    @Test func `every operation describes the 400 of what cannot be read, and with a body the 422 of a field`()
        async throws
    {
        try await AdminServer.with { server in
            let check = try await server.openAPI()
            for (template, item) in check.document["paths"]?.objectValue?.members ?? [] {
                let path = template.split(separator: "/").map { $0.hasPrefix("{") ? "1" : String($0) }
                for (method, operation) in item.objectValue?.members ?? [] {
                    let verb = try #require(TransferRequest.Method(rawValue: method.uppercased()))
                    let answer = try await server.send(verb, "/\(path.joined(separator: "/"))?surprise=1")
                    #expect(answer.status == 400 && answer.field == "query", "\(method) \(template)")
                    let answers = operation["responses"]
                    #expect(answers?["400"] != nil, "\(method) \(template)")
                    #expect((answers?["422"] != nil) == (operation["requestBody"] != nil), "\(method) \(template)")
                }
            }
        }
    }

    @Test func `a method that the document does not name is refused by every path`() async throws {
        try await AdminServer.with { server in
            let check = try await server.openAPI()
            for (template, item) in check.document["paths"]?.objectValue?.members ?? [] {
                let path =
                    "/"
                    + template.split(separator: "/").map { $0.hasPrefix("{") ? "1" : String($0) }.joined(separator: "/")
                for method in [TransferRequest.Method.get, .post, .put, .patch, .delete]
                where item[method.rawValue.lowercased()] == nil {
                    // `openapi.json` aside, no fixed path hides behind a parameter.
                    #expect(try await server.send(method, path).status == 405, "\(method) \(path)")
                }
            }
        }
    }

    /// Read-only members that requests may carry and that are passed over.
    private static let readOnly: Set<String> = [
        "id", "provider", "revision", "created_at", "updated_at", "snapshot_version", "auth.secret_set",
        "auth.secret_revision",
    ]

    @Test(arguments: [
        ("ProviderInput", "/admin/v1/providers/demo", AdminServer.provider),
        ("ModelInput", "/admin/v1/providers/demo/models/large", AdminServer.model),
        ("GroupInput", "/admin/v1/groups/default", AdminServer.group),
    ])
    func `what the schema of a request names is what is read`(schema: String, path: String, sample: JSONValue)
        async throws
    {
        try await AdminServer.with { server in
            try await server.fill()
            let check = try await server.openAPI()
            let definition = JSONValue.object(JSONObject([("$ref", .string("#/components/schemas/\(schema)"))]))
            #expect(check.problems(sample, definition) == [])
            let described = check.propertyPaths(definition).subtracting(OpenAPITests.readOnly)
            #expect(described == OpenAPITests.paths(of: sample))
            let answer = try await server.send(.put, path, sample)
            #expect(answer.status == 200)
            // The answer holds every described member too, but for the secret.
            let answered = OpenAPITests.paths(of: answer.body)
            #expect(described.subtracting(["auth.secret"]).isSubset(of: answered))
            // And one member more is refused.
            var more = sample.objectValue ?? JSONObject()
            more["surprise"] = 1
            let refused = try await server.send(.put, path, .object(more))
            #expect(refused.status == 422 && refused.field == "surprise")
        }
    }

    @Test func `what the schemas of a token name is what is read`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            let check = try await server.openAPI()
            let now = ContinuousClock.wallMilliseconds
            let rights: JSONValue = [
                "allow": ["default"], "endpoints": ["openai-chat"], "strict": true, "limits": [:], "budgets": [:],
                "not_before": .string(RFC3339.format(now)), "expires_at": .string(RFC3339.format(now + 86_400_000)),
                "description": "searching",
            ]
            var sample = rights.objectValue ?? JSONObject()
            for name in ["user", "project", "environment", "key"] { sample[name] = .string(name) }
            let input = JSONValue.object(JSONObject([("$ref", "#/components/schemas/TokenInput")]))
            #expect(check.problems(.object(sample), input) == [])
            let described = check.propertyPaths(input)
            #expect(described == OpenAPITests.paths(of: .object(sample)))
            let created = try await server.send(.post, "/admin/v1/tokens", .object(sample))
            #expect(created.status == 201)
            #expect(described.isSubset(of: OpenAPITests.paths(of: created.body)))
            var more = sample
            more["key"] = "other"
            more["surprise"] = 1
            #expect(try await server.send(.post, "/admin/v1/tokens", .object(more)).field == "surprise")

            let patch = JSONValue.object(JSONObject([("$ref", "#/components/schemas/TokenPatch")]))
            #expect(check.problems(rights, patch) == [])
            #expect(check.propertyPaths(patch) == OpenAPITests.paths(of: rights))
            let path = "/admin/v1/tokens/\(created.body["id"]?.stringValue ?? "")"
            #expect(try await server.send(.patch, path, rights).status == 200)
            #expect(try await server.send(.patch, path, ["surprise": 1]).field == "surprise")
        }
    }

    /// Dotted paths of all members; those of maps whose names are data end in `*`.
    private static func paths(of value: JSONValue, at path: String = "") -> Set<String> {
        var paths: Set<String> = []
        for element in value.arrayValue ?? [] { paths.formUnion(OpenAPITests.paths(of: element, at: path)) }
        guard !["headers", "quirks"].contains(path) else { return [] }
        for (name, member) in value.objectValue?.members ?? [] {
            let inner = path.isEmpty ? name : "\(path).\(name)"
            paths.insert(inner)
            paths.formUnion(OpenAPITests.paths(of: member, at: inner))
        }
        return paths
    }
}
