import Catalog
import Contract
import Identity
import Testing
import Wire

struct ConfigurationTests {
    let demo = SpecSamples.slug("demo")
    let defaultGroup = SpecSamples.slug("default")

    @Test func `a sound configuration compiles to a body that data planes accept`() throws {
        let configuration = try SpecSamples.configuration()
        let body = configuration.snapshotBody()
        #expect(configuration.problems(in: body).isEmpty)
        #expect(body.problems().isEmpty)
        #expect(try SnapshotBody(JSONReader.read(JSONWriter.write(body.json))) == body)
        #expect(body.providers.first?.secretRevision == 1)
    }

    @Test func `data planes are told which tokens are strict, and a snapshot tells it back`() throws {
        var configuration = try SpecSamples.configuration()
        let plain = configuration.snapshotBody()
        #expect(plain.tokens.map(\.strict) == [false])
        configuration.tokens[SpecSamples.tokenID("alice")]?.strict = true
        let body = configuration.snapshotBody()
        #expect(body.tokens.map(\.strict) == [true])
        #expect(Configuration(body).tokens[SpecSamples.tokenID("alice")]?.strict == true)
        let diff = ConfigurationDiff(from: Configuration(plain), to: Configuration(body))
        #expect(diff.changes.map(\.fields) == [[FieldChange(field: "strict", before: false, after: true)]])
        #expect(diff.tokens.updated == [SpecSamples.tokenID("alice")])
    }

    @Test func `a problem names the resource and its field`() throws {
        var configuration = try SpecSamples.configuration()
        configuration.models = [:]
        #expect(
            configuration.problems() == [
                ConfigurationProblem(
                    resource: ResourceName(.group, "default"),
                    field: "targets[0].model",
                    problem: "names no model"
                )
            ]
        )

        configuration = try SpecSamples.configuration()
        configuration.groups = [:]
        let problem = try #require(configuration.problems().first)
        #expect(problem.resource == ResourceName(.token, SpecSamples.tokenID("alice").text))
        #expect(problem.field == "allow")
    }

    @Test func `a provider that needs a secret must have one`() throws {
        var configuration = try SpecSamples.configuration()
        configuration.providers[self.demo]?.credential = ProviderCredential()
        #expect(configuration.problems().map(\.field) == ["auth.secret"])
        configuration.providers[self.demo]?.authentication = .none
        #expect(configuration.problems().isEmpty)
    }

    @Test func `a model may only declare dialects of its provider`() throws {
        var configuration = try SpecSamples.configuration()
        configuration.providers[self.demo]?.dialects = [.openAIResponses: nil]
        #expect(
            configuration.problems().map(\.description) == [
                "model demo/large declared.openai-chat is not a dialect of its provider"
            ]
        )
    }

    @Test func `what refers to a resource is told`() throws {
        let configuration = try SpecSamples.configuration()
        #expect(
            configuration.references(to: ResourceName(.provider, "demo")) == [
                ResourceName(.model, "demo/large"), ResourceName(.group, "default"),
            ]
        )
        #expect(configuration.references(to: ResourceName(.model, "demo/large")) == [ResourceName(.group, "default")])
        #expect(configuration.references(to: ResourceName(.model, "demo/small")).isEmpty)
        #expect(configuration.references(to: ResourceName(.model, "nonsense")).isEmpty)
        let token = SpecSamples.tokenID("alice").text
        #expect(configuration.references(to: ResourceName(.group, "default")) == [ResourceName(.token, token)])
        #expect(configuration.references(to: ResourceName(.token, token)).isEmpty)
    }

    @Test func `a revoked token refers to nothing`() throws {
        var configuration = try SpecSamples.configuration()
        configuration.tokens[SpecSamples.tokenID("alice")]?.state = .revoked
        #expect(configuration.references(to: ResourceName(.group, "default")).isEmpty)
        configuration.groups = [:]
        #expect(configuration.problems().isEmpty)
    }

    @Test func `a diff tells what is created, changed and deleted, field by field`() throws {
        let before = try SpecSamples.configuration()
        var after = before
        after.providers[self.demo]?.timeouts.connect = 5
        after.providers[self.demo]?.credential.revision = 2
        after.groups[SpecSamples.slug("fast")] = GroupSpec(targets: [])
        after.tokens[SpecSamples.tokenID("alice")] = nil
        let diff = ConfigurationDiff(from: before, to: after)
        #expect(
            diff.changes.map { "\($0.action) \($0.name)" } == [
                "update provider demo", "create group fast", "delete token rtr_metrum_alice_search_prod_main",
            ]
        )
        #expect(
            diff.changes[0].fields == [
                FieldChange(field: "auth.secret_revision", before: 1, after: 2),
                FieldChange(field: "timeouts.connect_ms", before: 1000, after: 5),
            ]
        )
        #expect(diff.changes[1].fields.contains(FieldChange(field: "strategy", before: nil, after: "weighted")))
        #expect(diff.groups.created == [SpecSamples.slug("fast")])
        #expect(ConfigurationDiff(from: before, to: before).isEmpty)
    }
}
