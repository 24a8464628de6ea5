import Catalog
import Contract
import Identity
import Testing
import Wire

struct ApplyDocumentTests {
    private func document(_ members: (String, JSONValue)...) -> JSONValue {
        let provider = SpecSamples.setting("models", to: ["large": SpecSamples.model], in: SpecSamples.provider)
        var object = JSONObject([("providers", ["demo": provider]), ("groups", ["default": SpecSamples.group])])
        for (name, value) in members { object[name] = value }
        return .object(object)
    }

    @Test func `a document makes a configuration out of nothing`() throws {
        let empty = Configuration(deployment: SpecSamples.slug("metrum"))
        let result = try ApplyDocument(self.document()).applied(to: empty)
        #expect(result.problems().isEmpty)
        #expect(result.models.count == 1)
        #expect(result.providers[SpecSamples.slug("demo")]?.credential == ProviderCredential(isSet: true, revision: 1))
    }

    @Test func `applying without secrets twice changes nothing`() throws {
        let empty = Configuration(deployment: SpecSamples.slug("metrum"))
        let first = try ApplyDocument(self.document()).applied(to: empty)
        let silent = SpecSamples.setting("providers.demo.auth", to: ["scheme": "bearer"], in: self.document())
        #expect(try ApplyDocument(silent).applied(to: first) == first)
    }

    @Test func `a provider that moves to another origin brings its secret`() throws {
        var present = try SpecSamples.configuration()
        let moved = SpecSamples.setting("providers.demo.base_url", to: "https://evil.example", in: self.document())
        _ = try ApplyDocument(moved).settled(over: present)
        let silent = SpecSamples.setting("providers.demo.auth", to: ["scheme": "bearer"], in: moved)
        let error = #expect(throws: JSONShapeError.self) { _ = try ApplyDocument(silent).settled(over: present) }
        #expect(error?.field == "providers.demo.auth.secret")
        present.providers = [:]
        _ = try ApplyDocument(silent).settled(over: present)
    }

    @Test func `without prune nothing is deleted`() throws {
        var present = try SpecSamples.configuration()
        present.groups[SpecSamples.slug("other")] = GroupSpec(targets: [])
        let result = try ApplyDocument(["groups": ["default": SpecSamples.group]]).applied(to: present)
        #expect(result.groups.count == 2)
        #expect(result.providers.count == 1)
    }

    @Test func `prune deletes what a present section does not name`() throws {
        var present = try SpecSamples.configuration()
        present.groups[SpecSamples.slug("other")] = GroupSpec(targets: [])
        present.models[ModelKey(provider: SpecSamples.slug("demo"), model: SpecSamples.slug("old"))] = ModelSpec(
            upstreamModel: "o"
        )
        let groupsOnly = try ApplyDocument(["groups": ["default": SpecSamples.group], "prune": true]).applied(
            to: present
        )
        #expect(groupsOnly.groups.count == 1)
        #expect(groupsOnly.providers.count == 1)
        #expect(groupsOnly.models.count == 2)
        let all = try ApplyDocument(self.document(("prune", true))).applied(to: present)
        #expect(all.models.count == 1)
        #expect(all.tokens == present.tokens)
    }

    @Test(arguments: [
        BadField("prune", 1), BadField("tokens", [:]), BadField("providers", []),
        BadField("providers", ["Demo": [:]], names: "providers.Demo"),
        BadField("providers", ["demo": 1], names: "providers.demo"),
        BadField("providers.demo.base_url", "x"), BadField("providers.demo.models", 1),
        BadField("providers.demo.models", ["A": [:]], names: "providers.demo.models.A"),
        BadField("providers.demo.models.large.upstream_model", 1), BadField("providers.demo.colour", 1),
        BadField("groups", ["G": [:]], names: "groups.G"), BadField("groups.default.strategy", "x"),
        BadField("groups.default.targets", [["id": "x"]], names: "groups.default.targets[0].provider"),
        BadField("something", 1),
    ])
    func `a wrong field is refused by its whole path`(_ bad: BadField) {
        let value = SpecSamples.setting(bad.path, to: bad.value, in: self.document())
        let error = #expect(throws: JSONShapeError.self) { _ = try ApplyDocument(value) }
        #expect(error?.field == bad.field)
    }
}
