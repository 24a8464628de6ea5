import CurlTransport
import Identity
import PostgresTestSupport
import SocketTestSupport
import Testing
import Wire

struct HTTPBehaviourTests {
    private func bearer(_ server: AdminServer) -> (String, String) {
        ("authorization", server.root.withExposedText { "Bearer \($0)" })
    }

    @Test func `without a good token there is nothing, and all bad ones look alike`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            let created = try await server.send(.post, "/admin/v1/tokens", AdminServer.token)
            let caller = created.body["token"]?.stringValue ?? ""
            let good = server.root.withExposedText { $0 }
            let other = try await server.admin("viewer")
            try await server.send(.delete, "/admin/v1/admins/the-viewer")
            let deleted = other.withExposedText { $0 }
            var answers: Set<String> = []
            for header in [
                nil, "Bearer", "Bearer ", "Bearer x", "Basic abc", "Bearer \(caller)", "Bearer \(good)x",
                "Bearer \(deleted)",
            ] {
                let answer = try await server.raw(
                    .get,
                    "/admin/v1/providers",
                    headers: header.map { [("authorization", $0)] } ?? []
                )
                #expect(answer.status == 401, "\(header ?? "none")")
                #expect(answer.headers["www-authenticate"] == "Bearer")
                var body = answer.body["error"]?.objectValue ?? JSONObject()
                body["request_id"] = JSONValue?.none
                answers.insert(JSONWriter.text(.object(body)))
            }
            #expect(answers.count == 1)
            #expect(try await server.send(.get, "/admin/v1/providers").status == 200)
        }
    }

    @Test func `who fails ten times must wait, and nobody else`() async throws {
        try await AdminServer.with { server in
            for _ in 1...10 {
                #expect(try await server.raw(.get, "/admin/v1/providers").status == 401)
            }
            let answer = try await server.raw(.get, "/admin/v1/providers")
            #expect(answer.status == 429)
            #expect(answer.code == "too-many-failures")
            #expect(answer.headers["retry-after"].flatMap { Int($0) }.map { (1...60).contains($0) } == true)
            #expect(try await server.send(.get, "/admin/v1/providers").status == 200, "a good token never waits")
        }
    }

    @Test func `paths and methods that are not there are told so`() async throws {
        try await AdminServer.with { server in
            for path in [
                "/", "/admin", "/admin/v1", "/admin/v1/", "/admin/v1/providers/", "/admin/v1/providers/a/b",
                "/admin/v1//providers", "/admin/v1/prices", "/admin/v1/validations/", "/admin/v1/usage/requests",
                "/v1/models", "/plane/v1/poll", "/admin/v1/providers/%2e%2e", "/admin/v1/providers/a%2fb",
                "/admin/v1/providers/;x", "/ADMIN/v1/providers",
            ] {
                let answer = try await server.send(.get, path)
                #expect(answer.status == 404, "\(path)")
                #expect(answer.code == "not-found")
            }
            let answer = try await server.send(.post, "/admin/v1/providers/demo", [:])
            #expect(answer.status == 405)
            #expect(answer.headers["allow"] == "DELETE, GET, PATCH, PUT")
            #expect(try await server.send(.delete, "/livez").status == 405)
        }
    }

    @Test func `bodies that cannot be read are refused by what is wrong with them`() async throws {
        try await AdminServer.with { server in
            let path = "/admin/v1/providers/demo"
            let json = ("content-type", "application/json")
            let auth = self.bearer(server)
            func put(_ headers: [(String, String)], _ body: String) async throws -> AdminServer.Answer {
                try await server.raw(.put, path, headers: headers + [auth], body: Array(body.utf8))
            }
            for text in [
                "", "{", "{}x", "[1,]", "{\"a\":1,\"a\":2}", "\u{feff}{}", "nul", String(repeating: "[", count: 10_000),
            ] {
                let answer = try await put([json], text)
                #expect(answer.status == 400, "\(text.prefix(20))")
                #expect(answer.code == "invalid-request")
            }
            // No object, so there is no field to name.
            for text in ["[]", "null"] {
                let answer = try await put([json], text)
                #expect(answer.status == 400 && answer.field == nil, "\(text)")
            }
            #expect(try await put([("content-type", "text/plain")], "{}").status == 415)
            #expect(try await put([], "{}").status == 415)
            #expect(try await put([("content-type", "application/yaml")], "a: 1").status == 415)
            #expect(try await put([json, ("content-encoding", "gzip")], "{}").status == 415)
            #expect(try await put([("content-type", "application/json; charset=utf-8")], "{}").field == "base_url")
            let large = try await put([json], String(repeating: " ", count: 4 * 1024 * 1024 + 1))
            #expect(large.status == 413)
            #expect(large.code == "request-too-large")
            let unwanted = try await server.raw(.get, path, headers: [auth, json], body: Array("{}".utf8))
            #expect(unwanted.status == 400)
            let twice = try await server.raw(.get, path, headers: [auth, auth])
            #expect(twice.status == 401)
            let useless = try await server.raw(.get, path, headers: [auth, ("if-match", "\"1\"")])
            #expect(useless.status == 400)
            #expect(useless.field == "if-match")
        }
    }

    /// The sender's own `Connection: close`, or an answer's, or none.
    @Test(arguments: ["connection: close\r\n", ""])
    func `who sends all of a large body before reading gets the refusal, then the connection's end`(
        closing: String
    ) async throws {
        try await AdminServer.with { server in
            let (name, value) = self.bearer(server)
            let eightMiB = [UInt8](repeating: 0x20, count: 8 * 1024 * 1024)
            let size = String(eightMiB.count, radix: 16)
            let json = "host: x\r\ncontent-type: application/json\r\n"
            let put = "PUT /admin/v1/providers/demo HTTP/1.1\r\n\(json)\(closing)\(name): \(value)\r\n"
            let counted = try await EagerClient.answer(
                of: server.base,
                to: put + "content-length: \(eightMiB.count)\r\n\r\n",
                body: eightMiB
            )
            let chunked = try await EagerClient.answer(
                of: server.base,
                to: put + "transfer-encoding: chunked\r\n\r\n\(size)\r\n",
                body: eightMiB + Array("\r\n0\r\n\r\n".utf8)
            )
            for answer in [counted, chunked] {
                #expect(answer.hasPrefix("HTTP/1.1 413 "))
                #expect(answer.contains("the body is larger than 4194304 bytes"))
            }
        }
    }

    @Test func `a stranger's large body is not in the way of the refusal`() async throws {
        try await AdminServer.with { server in
            let eightMiB = [UInt8](repeating: 0x20, count: 8 * 1024 * 1024)
            let answer = try await EagerClient.answer(
                of: server.base,
                to: "PUT /admin/v1/providers/demo HTTP/1.1\r\nhost: x\r\nconnection: close\r\n"
                    + "content-length: \(eightMiB.count)\r\n\r\n",
                body: eightMiB
            )
            #expect(answer.hasPrefix("HTTP/1.1 401 "))
        }
    }

    @Test func `headers beyond their limit end the connection and nothing else`() async throws {
        try await AdminServer.with { server in
            let large = String(repeating: "x", count: 40_000)
            let many = (1...200).map { ("x-header-\($0)", "x") }
            for headers in [[("x-large", large)], many] {
                let answer = try? await server.raw(.get, "/livez", headers: headers)
                #expect(answer.map { (400..<500).contains($0.status) } ?? true)
            }
            let live = try await server.raw(.get, "/livez")
            #expect(live.status == 200)
        }
    }

    @Test func `health is anybody's`() async throws {
        try await AdminServer.with { server in
            let live = try await server.raw(.get, "/livez")
            #expect(live.body == ["status": "ok"])
            #expect(try await server.raw(.get, "/readyz").body == ["status": "ok"])
            #expect(try await server.raw(.head, "/readyz").status == 200)
        }
    }

    @Test func `a database that is gone is said to be, soon, and its return is noticed`() async throws {
        try await AdminServer.with(patience: nil) { server in
            try await server.fill()
            try await server.interruptDatabase()
            let start = ContinuousClock.now
            for (method, path, body) in [
                (.get, "/admin/v1/providers", nil), (.put, "/admin/v1/groups/x", ["targets": []]),
            ] as [(TransferRequest.Method, String, JSONValue?)] {
                let answer = try await server.send(method, path, body)
                #expect(answer.status == 503)
                #expect(answer.code == "database-unavailable")
                #expect(answer.headers["retry-after"] != nil)
            }
            #expect(try await server.raw(.get, "/readyz").status == 503)
            #expect(ContinuousClock.now - start < .seconds(15))
            try await server.restoreDatabase()
            var status = 0
            let deadline = ContinuousClock.now + .seconds(30)
            while status != 200, ContinuousClock.now < deadline {
                status = try await server.send(.get, "/admin/v1/providers").status
            }
            #expect(status == 200)
            #expect(try await server.send(.put, "/admin/v1/groups/x", ["targets": []]).version == 4)
        }
    }

    @Test func `a database whose disk is full is read from, and a write to it is said to be in vain`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            try await server.fillDisk()
            let refused = try await server.send(.put, "/admin/v1/groups/x", ["targets": []])
            #expect(refused.status == 503)
            #expect(refused.code == "database-unavailable")
            #expect(refused.headers["retry-after"] != nil)
            #expect(try await server.send(.get, "/admin/v1/groups/x").status == 404)
            #expect(try await server.raw(.get, "/readyz").status == 200)
            try await server.emptyDisk()
            #expect(try await server.send(.put, "/admin/v1/groups/x", ["targets": []]).version == 4)
        }
    }
}
