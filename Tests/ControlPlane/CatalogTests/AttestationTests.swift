import Catalog
import Contract
import Identity
import Testing
import Wire

struct AttestationTests {
    private let model = ModelKey(provider: SpecSamples.slug("demo"), model: SpecSamples.slug("large"))
    private var key: EvidenceKey { EvidenceKey(self.model, .openAIChat, .imageInline) }

    private func attested(_ verdict: EvidenceRecord.Verdict = .passed) throws -> Configuration {
        var configuration = try SpecSamples.configuration()
        let input = AttestationInput(verdict: verdict, reason: "seen it myself")
        let isThere = configuration.attest(self.key, input, by: "ann", at: 5)
        #expect(isThere)
        return configuration
    }

    private func evidence(_ configuration: Configuration) -> [EvidenceRecord] {
        configuration.snapshotBody().models.flatMap(\.evidence)
    }

    private func standing(_ verdict: EvidenceRecord.Verdict) -> StandingEvidence {
        StandingEvidence(verdict: verdict, observedAt: 1, expiresAt: 2, probeVersion: 1)
    }

    @Test func `data planes are told what is attested, and that it is`() throws {
        let record = try #require(self.evidence(try self.attested()).first)
        #expect(record.isAttested && record.verdict == .passed && record.observedAt == 5)
        #expect(record.expiresAt > 253_000_000_000_000)
        #expect((record.dialect, record.case) == (.openAIChat, .imageInline))
    }

    @Test func `an attestation stands over what probes found, and they stand again without it`() throws {
        var configuration = try self.attested(.failed)
        let endpoint = try #require(configuration.endpoint(of: self.model, in: .openAIChat))
        configuration.standing[self.key] = [endpoint: self.standing(.passed)]
        #expect(self.evidence(configuration).map(\.verdict) == [.failed])
        configuration.attestations = [:]
        #expect(self.evidence(configuration).map(\.verdict) == [.passed])
        #expect(self.evidence(configuration).map(\.isAttested) == [false])
    }

    @Test func `where an attestation ends first, data planes are told what stands again then`() throws {
        var configuration = try SpecSamples.configuration()
        let input = AttestationInput(verdict: .failed, reason: "it guesses", expiresAt: 100)
        let isThere = configuration.attest(self.key, input, by: "ann", at: 5)
        #expect(isThere)
        let endpoint = try #require(configuration.endpoint(of: self.model, in: .openAIChat))
        func probed(until end: Int) throws -> EvidenceRecord {
            let found = StandingEvidence(verdict: .passed, observedAt: 1, expiresAt: end, probeVersion: 1)
            configuration.standing[self.key] = [endpoint: found]
            return try #require(self.evidence(configuration).first)
        }
        let record = try probed(until: 101)
        #expect(record.isAttested && record.expiresAt == 100 && record.standing(at: 99) == record)
        let after = record.standing(at: 100)
        #expect(!after.isAttested && after.verdict == .passed && after.observedAt == 1 && after.expiresAt == 101)
        let body = configuration.snapshotBody()
        #expect(Configuration(body).snapshotBody().models == body.models)
        #expect(try SnapshotBody(JSONReader.read(JSONWriter.write(body.json))).models == body.models)
        // What ends no later stands never again.
        #expect(try probed(until: 100).probed == nil)
    }

    @Test(arguments: ["base URL", "path", "scheme", "upstream model", "headers", "quirks", "dialect"])
    func `another endpoint or upstream model voids all evidence`(_ change: String) throws {
        var configuration = try self.attested()
        let key = EvidenceKey(self.model, .openAIChat, .tools)
        let endpoint = try #require(configuration.endpoint(of: self.model, in: .openAIChat))
        configuration.standing[key] = [endpoint: self.standing(.passed)]
        #expect(self.evidence(configuration).count == 2)
        let before = configuration
        switch change {
        case "base URL":
            configuration.providers[self.model.provider]?.baseURL = try #require(UpstreamURL("https://other.example"))
        case "path": configuration.providers[self.model.provider]?.dialects[.openAIChat] = "/other"
        case "scheme": configuration.providers[self.model.provider]?.authentication = .xAPIKey
        case "headers": configuration.providers[self.model.provider]?.headers["x-team"] = "red"
        case "quirks": configuration.models[self.model]?.quirks = JSONObject([("no_stream_options", .bool(true))])
        case "upstream model": configuration.models[self.model]?.upstreamModel = "other"
        default: configuration.providers[self.model.provider]?.dialects[.openAIChat] = nil
        }
        #expect(self.evidence(configuration).isEmpty)
        #expect(configuration.modelsToValidate(since: before) == (change == "dialect" ? [] : [self.model]))
        let voided = ConfigurationDiff(from: before, to: configuration).changes.last
        #expect(voided?.name == ResourceName(.evidence, key.description))
        #expect(voided?.action == .delete)
    }

    @Test func `a new secret and other declarations void nothing`() throws {
        let before = try self.attested()
        var configuration = before
        configuration.providers[self.model.provider]?.credential.revision += 1
        configuration.models[self.model]?.contextTokens = 1
        #expect(self.evidence(configuration) == self.evidence(before))
        #expect(configuration.modelsToValidate(since: before).isEmpty)
        #expect(configuration.modelsToValidate(since: Configuration(deployment: before.deployment)) == [self.model])
    }

    @Test func `without headers and quirks an endpoint is told apart as it always was`() throws {
        var configuration = try SpecSamples.configuration()
        configuration.providers[self.model.provider]?.headers = [:]
        configuration.models[self.model]?.quirks = JSONObject()
        let plain = try #require(configuration.endpoint(of: self.model, in: .openAIChat))
        #expect(try JSONReader.read(Array(plain.text.utf8)).arrayValue?.count == 4)
        // The order in which a database keeps quirks says nothing.
        let quirks: [(String, JSONValue)] = [("a", true), ("b", "x")]
        configuration.models[self.model]?.quirks = JSONObject(quirks)
        let first = configuration.endpoint(of: self.model, in: .openAIChat)
        configuration.models[self.model]?.quirks = JSONObject(quirks.reversed())
        #expect(configuration.endpoint(of: self.model, in: .openAIChat) == first)
        #expect(first != plain)
    }

    @Test func `what a model newly declares has to be shown, where nothing is known of it`() throws {
        var before = try SpecSamples.configuration()
        before.models[self.model]?.declared = [.openAIChat: DeclaredCapabilities(inputModalities: ["text"])]
        var after = before
        after.models[self.model]?.declared = [
            .openAIChat: DeclaredCapabilities(inputModalities: ["text", "image"])
        ]
        let inline = EvidenceKey(self.model, .openAIChat, .imageInline)
        let url = EvidenceKey(self.model, .openAIChat, .imageURL)
        #expect(Set(after.newlyDeclared(of: self.model, since: before)) == [inline, url])
        let endpoint = try #require(after.endpoint(of: self.model, in: .openAIChat))
        after.standing[inline] = [endpoint: self.standing(.failed)]
        #expect(after.newlyDeclared(of: self.model, since: before) == [url])
        #expect(before.newlyDeclared(of: self.model, since: after).isEmpty)
        after.providers[self.model.provider]?.enabled = false
        #expect(after.newlyDeclared(of: self.model, since: before).isEmpty)
    }

    @Test func `models are validated when their provider is enabled again, not while it is disabled`() throws {
        let enabled = try SpecSamples.configuration()
        var disabled = enabled
        disabled.providers[self.model.provider]?.enabled = false
        #expect(disabled.modelsToValidate(since: Configuration(deployment: enabled.deployment)).isEmpty)
        #expect(enabled.modelsToValidate(since: disabled) == [self.model])
    }

    @Test func `what is said twice keeps its author, what is said anew does not`() throws {
        var configuration = try self.attested()
        configuration.attest(self.key, AttestationInput(reason: "seen it myself"), by: "bob", at: 9)
        #expect(configuration.attestations[self.key]?.attestedBy == "ann")
        configuration.attest(self.key, AttestationInput(reason: "asked the vendor"), by: "bob", at: 9)
        #expect(configuration.attestations[self.key]?.attestedBy == "bob")
        #expect(configuration.attestations[self.key]?.attestedAt == 9)
    }

    @Test func `nobody can attest what there is not, and what goes takes its attestations with it`() throws {
        var configuration = try self.attested()
        let responses = EvidenceKey(self.model, .openAIResponses, .tools)
        let isThere = configuration.attest(responses, AttestationInput(reason: "r"), by: "ann", at: 1)
        #expect(!isThere)
        configuration.models = [:]
        configuration.forgetAttestationsOfNothing()
        #expect(configuration.attestations.isEmpty)
    }

    @Test func `a snapshot tells its evidence back`() throws {
        var configuration = try self.attested()
        let endpoint = try #require(configuration.endpoint(of: self.model, in: .openAIChat))
        configuration.standing[EvidenceKey(self.model, .openAIChat, .tools)] = [endpoint: self.standing(.failed)]
        let body = configuration.snapshotBody()
        #expect(Configuration(body).snapshotBody().models == body.models)
    }

    @Test func `a document attests, and takes back what it does not repeat`() throws {
        func document(_ attestations: JSONValue?) throws -> ApplyDocument {
            let model = SpecSamples.setting("attestations", to: attestations, in: SpecSamples.model)
            return try ApplyDocument([
                "providers": ["demo": SpecSamples.setting("models", to: ["large": model], in: SpecSamples.provider)]
            ])
        }
        let two = try document([
            ["dialect": "openai-chat", "case": "image_inline", "reason": "r"],
            ["dialect": "anthropic-messages", "case": "tools", "verdict": "failed", "reason": "r"],
        ]).applied(to: Configuration(deployment: SpecSamples.slug("metrum")), by: "ann", at: 7)
        #expect(two.attestations.values.map(\.attestedBy) == ["ann", "ann"])
        #expect(self.evidence(two).map(\.verdict) == [.failed, .passed])
        let silent = try document(nil).applied(to: two, by: "bob", at: 8)
        #expect(silent.attestations == two.attestations)
        let one = try document([["dialect": "openai-chat", "case": "image_inline", "reason": "r"]])
            .applied(to: two, by: "bob", at: 8)
        #expect(one.attestations.keys.map(\.description) == ["demo/large/openai-chat/image_inline"])
        #expect(one.attestations[self.key]?.attestedBy == "ann")
        #expect(try document([]).applied(to: one, by: "bob", at: 8).attestations.isEmpty)
    }

    @Test(arguments: [
        BadField("attestations", 1), BadField("attestations", [1], names: "attestations[0]"),
        BadField("attestations", [["case": "tools", "reason": "r"]], names: "attestations[0].dialect"),
        BadField(
            "attestations",
            [["dialect": "openai-chat", "case": "sight", "reason": "r"]],
            names: "attestations[0].case"
        ),
        BadField("attestations", [["dialect": "openai-chat", "case": "tools"]], names: "attestations[0].reason"),
        BadField(
            "attestations",
            [["dialect": "openai-chat", "case": "tools", "reason": "r", "by": "me"]],
            names: "attestations[0].by"
        ),
        BadField(
            "attestations",
            [
                ["dialect": "openai-chat", "case": "tools", "reason": "r"],
                ["dialect": "openai-chat", "case": "tools", "reason": "s"],
            ],
            names: "attestations[1]"
        ),
        BadField("attestations", [["dialect": "openai-responses", "case": "tools", "reason": "r"]]),
    ])
    func `a wrong attestation in a document is refused by its whole path`(_ bad: BadField) {
        let model = SpecSamples.setting(bad.path, to: bad.value, in: SpecSamples.model)
        let provider = SpecSamples.setting("models", to: ["large": model], in: SpecSamples.provider)
        let error = #expect(throws: JSONShapeError.self) {
            _ = try ApplyDocument(["providers": ["demo": provider]])
        }
        #expect(error?.field == "providers.demo.models.large.\(bad.field)")
    }

    @Test(arguments: [
        BadField("verdict", "not-run"), BadField("reason", ""), BadField("reason", nil),
        BadField("reason", .string(String(repeating: "r", count: 1025))), BadField("expires_at", "soon"),
        BadField("weight", 1),
    ])
    func `a wrong field is refused by its name`(_ bad: BadField) {
        let value = SpecSamples.setting(bad.path, to: bad.value, in: ["verdict": "passed", "reason": "r"])
        let error = #expect(throws: JSONShapeError.self) { _ = try AttestationInput(value) }
        #expect(error?.field == bad.field)
    }
}
