import Administration
import Catalog
import Contract
import CurlTransport
import Identity
import PostgresTestSupport
import Testing
import Wire

struct ValidationAPITests {
    private func queue(_ server: AdminServer) throws -> ValidationQueue {
        ValidationQueue(
            ConfigurationEditor(
                pool: server.database.pool,
                cluster: server.cluster,
                publication: SnapshotPublication(cluster: server.cluster, builtBy: "test 1"),
                deployment: try #require(Slug("metrum"))
            ),
            evidenceLifetime: .seconds(3600)
        )
    }

    @Test func `a validation is asked for, done, and read with what it found`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            let asked = try await server.send(
                .post,
                "/admin/v1/validations",
                ["provider": "demo", "model": "large", "dialects": ["openai-chat"], "cases": ["text", "tools"]]
            )
            #expect(asked.status == 202)
            #expect(asked.body["state"] == "queued" && asked.body["reason"] == "demand")
            #expect(asked.body["requested_by"] == "root" && asked.body["jobs"] == 2)
            let id = try #require(asked.body["id"]?.intValue)

            let queue = try self.queue(server)
            for job in try await queue.claim(holder: "me", limit: 1000, lease: .seconds(60)) {
                let isTools = job.key.case == .tools
                _ = try await queue.record(
                    job,
                    ValidationOutcome(
                        verdict: isTools ? .failed : .passed,
                        reason: isTools ? "called nothing" : nil,
                        passes: isTools ? 0 : 3,
                        attempts: 3,
                        latencyMilliseconds: 12,
                        errorClass: isTools ? "no-call" : nil,
                        inputTokens: 10,
                        outputTokens: 5,
                        answer: "<script>alert(1)</script>",
                        probeVersion: 4
                    )
                )
            }
            let read = try await server.send(.get, "/admin/v1/validations/\(id)")
            #expect(read.body["state"] == "done" && read.body["done"] == 2)
            let evidence = read.body["evidence"]?.arrayValue ?? []
            #expect(evidence.map { $0["case"] } == ["text", "tools"])
            #expect(evidence.map { $0["verdict"] } == ["passed", "failed"])
            #expect(evidence.last?["reason"] == "called nothing" && evidence.last?["error_class"] == "no-call")

            let standing = try await server.send(.get, "/admin/v1/evidence?provider=demo&model=large&limit=500")
            let items = standing.body["data"]?.arrayValue ?? []
            let tools = items.first { $0["dialect"] == "openai-chat" && $0["case"] == "tools" }
            #expect(tools?["verdict"] == "failed" && tools?["attested"] == false && tools?["expired"] == false)
            #expect(tools?["probed"]?["probe_version"] == 4)
            let page = try await server.send(.get, "/admin/v1/evidence?limit=1")
            #expect(page.body["next_cursor"]?.stringValue != nil)
            #expect(try await server.send(.get, "/admin/v1/evidence?provider=other").body["data"] == [])

            let attestation = "/admin/v1/providers/demo/models/large/attestations/openai-chat/tools"
            _ = try await server.send(.put, attestation, ["reason": "the vendor mended it"])
            let again = try await server.send(.get, "/admin/v1/evidence?limit=500").body["data"]?.arrayValue ?? []
            let vouched = again.first { $0["dialect"] == "openai-chat" && $0["case"] == "tools" }
            #expect(vouched?["verdict"] == "passed" && vouched?["attested"] == true)
            #expect(vouched?["expires_at"] == .null && vouched?["probed"]?["verdict"] == "failed")
        }
    }

    @Test func `validations are listed newest first, page by page`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            let body: JSONValue = ["provider": "demo", "model": "large", "cases": ["text"]]
            for _ in 1...2 { _ = try await server.send(.post, "/admin/v1/validations", body) }
            let first = try await server.send(.get, "/admin/v1/validations?limit=2")
            #expect(first.body["data"]?.arrayValue?.map { $0["reason"] } == ["demand", "demand"])
            let cursor = try #require(first.body["next_cursor"]?.stringValue)
            let rest = try await server.send(.get, "/admin/v1/validations?cursor=\(cursor)")
            #expect(rest.body["data"]?.arrayValue?.map { $0["reason"] } == ["change"])
        }
    }

    @Test func `a case or a dialect that there is not is a 422 that names it, and what cannot be read a 400`()
        async throws
    {
        try await AdminServer.with { server in
            try await server.fill()
            let path = "/admin/v1/validations"
            for (member, value) in [("cases", "sight"), ("dialects", "latin")] {
                var body = JSONObject([("provider", "demo"), ("model", "large")])
                body[member] = [.string(value)]
                let answer = try await server.send(.post, path, .object(body))
                #expect(answer.status == 422 && answer.field == "\(member)[0]")
                #expect(answer.code == "invalid-request")
                #expect(answer.message?.contains("must be one of") == true)
            }
            let authorization = ("authorization", server.root.withExposedText { "Bearer \($0)" })
            let unread = try await server.raw(
                .post,
                path,
                headers: [authorization, ("content-type", "application/json")],
                body: Array("provider: demo".utf8)
            )
            #expect(unread.status == 400 && unread.field == nil)
            #expect(unread.code == "invalid-request")
        }
    }

    @Test func `a wrong parameter of a query is a 400 that names it`() async throws {
        try await AdminServer.with { server in
            for (query, name) in [("limit=0", "limit"), ("cursor=AA", "cursor"), ("state=done", "query")] {
                let answer = try await server.send(.get, "/admin/v1/validations?\(query)")
                #expect(answer.status == 400 && answer.field == name, "\(query)")
                #expect(answer.code == "invalid-request")
            }
            let evidence = try await server.send(.get, "/admin/v1/evidence?provider=No")
            #expect(evidence.status == 400 && evidence.field == "provider")
        }
    }

    @Test func `what is wrong with a request is told by its field, and operators may ask`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            let wrong: [(JSONValue, String)] = [
                (["provider": "other", "model": "large"], "provider"), (["provider": "demo", "model": "x"], "model"),
                (["model": "large"], "provider"),
            ]
            for (body, field) in wrong {
                let answer = try await server.send(.post, "/admin/v1/validations", body)
                #expect(answer.status == 422 && answer.field == field)
            }
            for path in ["9999", "0", "x", "01"] {
                #expect(try await server.send(.get, "/admin/v1/validations/\(path)").status == 404)
            }
            let body: JSONValue = ["provider": "demo", "model": "large"]
            let reader = try await server.admin("viewer")
            #expect(try await server.send(.post, "/admin/v1/validations", body, as: reader).status == 403)
            #expect(try await server.send(.get, "/admin/v1/validations", as: reader).status == 200)
            #expect(try await server.send(.get, "/admin/v1/evidence", as: reader).status == 200)
            let clerk = try await server.admin("operator")
            #expect(try await server.send(.post, "/admin/v1/validations", body, as: clerk).status == 202)
        }
    }
}
