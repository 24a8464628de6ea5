import Catalog
import CurlTransport
import Testing
import Wire

struct AttestationAPITests {
    private static let list = "/admin/v1/providers/demo/models/large/attestations"
    private static let one = "\(AttestationAPITests.list)/openai-chat/image_inline"

    @Test func `an administrator vouches for a model, and takes it back`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            let body: JSONValue = ["reason": "seen it", "expires_at": "2099-01-01T00:00:00Z"]
            let dry = try await server.send(.put, "\(AttestationAPITests.one)?dry_run=true", body)
            #expect(dry.body["changes"]?.arrayValue?.first?["kind"] == "attestation")
            #expect(try await server.send(.get, AttestationAPITests.list).body["data"] == [])

            let made = try await server.send(.put, AttestationAPITests.one, body)
            #expect(made.status == 201)
            #expect(made.body["verdict"] == "passed" && made.body["attested_by"] == "root")
            #expect(made.body["stands"] == true)
            let version = try #require(made.version)
            let detail = try await server.send(.get, "/admin/v1/snapshots/\(version)")
            #expect(
                detail.body["changes"]?.arrayValue?.map { $0["key"]?.stringValue } == [
                    "demo/large/openai-chat/image_inline"
                ]
            )

            let again = try await server.send(.put, AttestationAPITests.one, body)
            #expect(again.status == 200 && again.version == version)
            let listed = try await server.send(.get, AttestationAPITests.list)
            #expect(listed.body["data"]?.arrayValue?.count == 1)
            let audit = try await server.send(.get, "/admin/v1/audit?limit=1").body["data"]?.arrayValue?.first
            #expect(audit?["kind"] == "attestation" && audit?["action"] == "create")

            let gone = try await server.send(.delete, AttestationAPITests.one)
            #expect(gone.status == 200 && gone.version == version + 1)
            #expect(try await server.send(.delete, AttestationAPITests.one).status == 404)
        }
    }

    @Test func `another upstream model voids it, and deleting the model forgets it`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            _ = try await server.send(.put, AttestationAPITests.one, ["reason": "seen it"])
            _ = try await server.send(.patch, "/admin/v1/providers/demo/models/large", ["upstream_model": "other"])
            let listed = try await server.send(.get, AttestationAPITests.list).body["data"]?.arrayValue
            #expect(listed?.map { $0["stands"] } == [false])
            #expect(try await server.send(.delete, "/admin/v1/groups/default").status == 200)
            #expect(try await server.send(.delete, "/admin/v1/providers/demo/models/large").status == 200)
            #expect(try await server.send(.get, AttestationAPITests.list).status == 404)
        }
    }

    @Test func `only administrators vouch, also in documents`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            let clerk = try await server.admin("operator")
            let reader = try await server.admin("viewer")
            let body: JSONValue = ["reason": "seen it"]
            #expect(try await server.send(.put, AttestationAPITests.one, body, as: clerk).status == 403)
            #expect(try await server.send(.delete, AttestationAPITests.one, as: clerk).status == 403)
            #expect(try await server.send(.get, AttestationAPITests.list, as: reader).status == 200)
            var model = AdminServer.model.objectValue ?? JSONObject()
            model["attestations"] = [["dialect": "openai-chat", "case": "image_url", "reason": "seen it"]]
            var provider = AdminServer.provider.objectValue ?? JSONObject()
            provider["models"] = .object(JSONObject([("large", .object(model))]))
            let document = JSONValue.object(JSONObject([("providers", ["demo": .object(provider)])]))
            #expect(try await server.send(.post, "/admin/v1/apply", document, as: clerk).status == 403)
            let applied = try await server.send(.post, "/admin/v1/apply", document)
            #expect(applied.body["changes"]?.arrayValue?.map { $0["kind"] } == ["attestation"])
            // What is said already is nobody's new word.
            #expect(try await server.send(.post, "/admin/v1/apply", document, as: clerk).status == 200)
        }
    }

    @Test func `what is wrong with an attestation is told by its field`() async throws {
        try await AdminServer.with { server in
            try await server.fill()
            let bodies: [(JSONValue, String)] = [
                ([:], "reason"), (["reason": "r", "by": "x"], "by"),
                (["reason": "r", "expires_at": "2001-01-01T00:00:00Z"], "expires_at"),
            ]
            for (body, field) in bodies {
                let answer = try await server.send(.put, "\(AttestationAPITests.list)/openai-chat/tools", body)
                #expect(answer.status == 422 && answer.field == field, "\(body)")
            }
            // The path is no field: a name that there is not, and one that the provider does not have.
            let chat: JSONValue = [
                "base_url": "https://a.example", "dialects": ["openai-chat": [:]], "auth": ["scheme": "none"],
            ]
            #expect(try await server.send(.put, "/admin/v1/providers/chat", chat).status == 201)
            let model: JSONValue = ["upstream_model": "m"]
            #expect(try await server.send(.put, "/admin/v1/providers/chat/models/m", model).status == 201)
            for (path, name) in [
                ("demo/models/large/attestations/openai-chat/sight", "case"),
                ("demo/models/large/attestations/latin/tools", "dialect"),
                ("chat/models/m/attestations/anthropic-messages/tools", "dialect"),
            ] {
                let answer = try await server.send(.put, "/admin/v1/providers/\(path)", ["reason": "r"])
                #expect(answer.status == 400 && answer.field == name, "\(path)")
            }
            let nothing = "/admin/v1/providers/demo/models/small/attestations/openai-chat/tools"
            #expect(try await server.send(.put, nothing, ["reason": "r"]).status == 404)
        }
    }
}
