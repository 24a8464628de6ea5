import Contract
import Exchange
import GatewayTestSupport
import Identity
import Routing
import Testing
import Wire

/// The list of groups, in one body for three kinds of clients.
@Suite struct ModelListingTests {
    private func groups() throws -> [Group] {
        var body = try SnapshotBody.example()
        body.models[0].declared = [
            .openAIResponses: DeclaredCapabilities(
                inputModalities: ["text", "image"],
                tools: true,
                parallelTools: true,
                reasoning: true
            )
        ]
        let table = try RoutingTable(body, secrets: SecretsBundle.example())
        return table.groups(allowedFor: try TokenRecord.example(key: "k", allow: ["default", "spare"]))
    }

    @Test func `the list is what it was`() throws {
        let folder = FixtureFolder()
        try GoldenFile("models.json", in: folder).check(ModelListing.list(self.groups()))
        try GoldenFile("no-models.json", in: folder).check(ModelListing.list([]))
        try GoldenFile("model.json", in: folder).check(ModelListing.entry(try #require(self.groups().first)))
    }

    @Test func `every client finds what it insists on`() throws {
        let list = ModelListing.list(try self.groups())
        #expect(list["object"] == "list")
        #expect(list["has_more"] == false)
        #expect(list["first_id"] == "default" && list["last_id"] == "spare")
        for entry in try #require(list["data"]?.arrayValue) {
            for name in ["id", "object", "created", "owned_by", "type", "display_name", "created_at", "lifecycle"] {
                #expect(entry[name] != nil, "\(name)")
            }
            #expect(entry["object"] == "model" && entry["type"] == "model")
        }
        for entry in try #require(list["models"]?.arrayValue) {
            for name in [
                "slug", "display_name", "supported_reasoning_levels", "shell_type", "visibility", "supported_in_api",
                "priority", "support_verbosity", "truncation_policy", "experimental_supported_tools",
                "base_instructions",
            ] {
                #expect(entry[name] != nil && entry[name] != .null, "\(name)")
            }
        }
    }

    @Test func `no provider and no upstream model is named`() throws {
        let text = JSONWriter.text(ModelListing.list(try self.groups()))
        for name in ["acme", "local", "large", "seven", "-v2", "example", "127.0.0.1"] {
            #expect(!text.contains(name), "\(name)")
        }
    }

    @Test func `a group promises what every one of its targets can take`() throws {
        let groups = try self.groups()
        #expect(ModelListing.entry(groups[0])["max_input_tokens"] == 32_768)
        #expect(ModelListing.entry(groups[0])["max_tokens"] == 32_000)
        #expect(ModelListing.entry(groups[1])["max_tokens"] == nil)
    }
}
