import Contract
import GatewayTestSupport
import Identity
import Routing
import Testing

/// Snapshots in the form in which requests look things up.
@Suite struct RoutingTableTests {
    /// How compiling the example ends when it was changed; nil when it compiles.
    private func rejection(
        _ change: (inout SnapshotBody, inout SecretsBundle) throws -> Void
    ) throws -> SnapshotRejection? {
        var body = try SnapshotBody.example()
        var secrets = try SecretsBundle.example()
        try change(&body, &secrets)
        do {
            _ = try RoutingTable(body, secrets: secrets)
            return nil
        } catch let rejection {
            return rejection
        }
    }

    @Test func `the example is valid and compiles`() throws {
        #expect(try SnapshotBody.example().problems() == [])
        #expect(try self.rejection { _, _ in } == nil)
    }

    @Test func `what is looked up is what was configured`() throws {
        let body = try SnapshotBody.example()
        let table = try RoutingTable(body, secrets: SecretsBundle.example())
        #expect(table.groupCount == 2 && table.tokenCount == 1)
        let token = try #require(table.token("rtr_metrum_alice_docs_test_k1"))
        #expect(token == body.tokens[0])
        #expect(table.groups(allowedFor: token).map(\.id.text) == ["default"])
        let group = try #require(table.group("default"))
        #expect(group.displayName == "Default" && group.targets.map(\.position) == [0, 1])
        #expect(group.targets[0].model.upstreamModel == "acme-large-v2")
        #expect(group.targets[0].provider.credential != nil)
        #expect(group.targets[1].provider.credential == nil)
        for name in ["", "Default", "default ", "missing"] { #expect(table.group(name) == nil) }
        for id in ["", "rtr_metrum_alice_docs_test_k2", "rtr_metrum_alice_docs_test_k1_"] {
            #expect(table.token(id) == nil)
        }
    }

    @Test func `groups are listed by name and unknown ones left out`() throws {
        let table = try RoutingTable(SnapshotBody.example(), secrets: SecretsBundle.example())
        let token = try TokenRecord.example(key: "k9", allow: ["spare", "gone", "default"])
        #expect(table.groups(allowedFor: token).map(\.id.text) == ["default", "spare"])
    }

    @Test func `a target that names no model is refused`() throws {
        let rejection = try self.rejection { body, _ in body.models.removeFirst() }
        #expect(rejection == .invalid(["group default: target a names no model"]))
        let provider = try self.rejection { body, _ in body.providers.removeLast() }
        #expect(provider?.code == "invalid")
    }

    @Test func `a missing credential is refused unless nothing needs it`() throws {
        let missing = try self.rejection { _, secrets in secrets.providerSecrets = [:] }
        #expect(missing == .secretsUnavailable("there is no credential for provider acme"))
        let disabled = try self.rejection { body, secrets in
            secrets.providerSecrets = [:]
            body.providers[0].enabled = false
        }
        #expect(disabled == nil)
        let keyless = try self.rejection { body, secrets in
            secrets.providerSecrets = [:]
            body.providers[0].authentication = .none
        }
        #expect(keyless == nil)
    }

    @Test func `a missing pepper is refused`() throws {
        let rejection = try self.rejection { body, _ in body.tokens[0].pepper = "p2" }
        #expect(rejection == .secretsUnavailable("there is no pepper p2"))
    }

    @Test func `a dialect is served at its usual path or at the provider's own`() throws {
        var body = try SnapshotBody.example()
        body.providers[1].baseURL = try #require(UpstreamURL("http://127.0.0.1:8000/base/"))
        body.providers[1].dialects.updateValue("/chat", forKey: .openAIChat)
        let table = try RoutingTable(body, secrets: SecretsBundle.example())
        let targets = try #require(table.group("default")).targets
        #expect(targets[0].url(for: .openAIChat) == "https://api.acme.example/v1/chat/completions")
        #expect(targets[0].url(for: .openAIResponses) == "https://api.acme.example/v1/responses")
        #expect(targets[0].url(for: .anthropicMessages) == "https://api.acme.example/v1/messages")
        #expect(targets[1].url(for: .openAIChat) == "http://127.0.0.1:8000/base/chat")
        #expect(targets[1].url(for: .openAIResponses) == nil)
    }

    @Test func `a base URL may end in the part that the usual paths begin with`() throws {
        var body = try SnapshotBody.example()
        body.providers[0].baseURL = try #require(UpstreamURL("https://api.acme.example/v1/"))
        body.providers[1].baseURL = try #require(UpstreamURL("http://127.0.0.1:8000/base/v1"))
        body.providers[1].dialects.updateValue("/v1/chat", forKey: .openAIChat)
        let table = try RoutingTable(body, secrets: SecretsBundle.example())
        let targets = try #require(table.group("default")).targets
        #expect(targets[0].url(for: .openAIChat) == "https://api.acme.example/v1/chat/completions")
        #expect(targets[0].url(for: .anthropicMessages) == "https://api.acme.example/v1/messages")
        // A path of the provider's own stands as it is.
        #expect(targets[1].url(for: .openAIChat) == "http://127.0.0.1:8000/base/v1/v1/chat")
    }

    @Test func `a group's limits come before its provider's`() throws {
        var body = try SnapshotBody.example()
        body.providers[0].timeouts = TimeoutRecord(connect: 1, firstByte: 2)
        body.groups[0].timeouts = TimeoutRecord(firstByte: 20, total: 40)
        let table = try RoutingTable(body, secrets: SecretsBundle.example())
        #expect(
            table.group("default")?.targets[0].timeouts == TimeoutRecord(connect: 1, firstByte: 20, total: 40)
        )
    }

    @Test func `a hundred thousand tokens compile`() throws {
        var body = try SnapshotBody.example()
        let record = body.tokens[0]
        let id = record.id
        body.tokens = try (0..<100_000).map { index in
            var token = record
            token.id = TokenID(
                deployment: id.deployment,
                user: id.user,
                project: id.project,
                environment: id.environment,
                key: try Example.slug("k\(index)")
            )
            return token
        }
        let table = try RoutingTable(body, secrets: SecretsBundle.example())
        #expect(table.tokenCount == 100_000)
        #expect(table.token("rtr_metrum_alice_docs_test_k99999")?.id == body.tokens[99_999].id)
    }
}
