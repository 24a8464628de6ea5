import Catalog
import Contract
import Identity
import Testing
import Wire

struct ProviderSpecTests {
    @Test func `a full provider is read and written back without its secret`() throws {
        let input = try ProviderInput(SpecSamples.provider)
        guard case .set(let secret) = input.secret else {
            Issue.record("the secret was lost")
            return
        }
        #expect(secret.withExposedText { $0 == "sk-canary-0001" })
        let text = JSONWriter.text(input.spec.json)
        #expect(!text.contains("canary"))
        #expect(!"\(input)".contains("canary"))
        let again = try ProviderInput(input.spec.json)
        #expect(again.spec == input.spec)
        guard case .keep = again.secret else {
            Issue.record("an answer sent back must leave the secret alone")
            return
        }
    }

    @Test func `only the address and dialects are required`() throws {
        let input = try ProviderInput(["base_url": "https://api.example.com", "dialects": ["openai-chat": [:]]])
        #expect(input.spec.authentication == .none)
        #expect(input.spec.enabled)
        #expect(!input.spec.allowPrivateNetwork)
    }

    @Test(arguments: [
        BadField("base_url", nil), BadField("base_url", 1), BadField("base_url", "ftp://example.com"),
        BadField("base_url", "https://user:pass@example.com"), BadField("base_url", "https://example.com/?q=1"),
        BadField("base_url", "http://example.com"), BadField("base_url", "https://127.0.0.1"),
        BadField("base_url", "https://10.0.0.1"), BadField("base_url", "https://169.254.169.254"),
        BadField("base_url", "https://[::1]"), BadField("base_url", "https://[::ffff:10.0.0.1]"),
        BadField("base_url", "https://[64:ff9b::7f00:1]"), BadField("base_url", "https://[2002:7f00:1::]"),
        BadField("base_url", "https://[fec0::1]"), BadField("base_url", "https://100.64.0.1"),
        BadField("base_url", "https://127.1"), BadField("base_url", "https://0x7f000001"),
        BadField("base_url", "https://2130706433"), BadField("base_url", "https://010.0.0.1"),
        BadField("base_url", "https://localhost"), BadField("base_url", "https://db.internal"),
        BadField("dialects", nil), BadField("dialects", []),
        BadField("dialects", ["openai-audio": [:]], names: "dialects.openai-audio"),
        BadField("dialects", ["openai-chat": ["path": "x"]], names: "dialects.openai-chat.path"),
        BadField("dialects", ["openai-chat": ["path": "/a?b"]], names: "dialects.openai-chat.path"),
        BadField("dialects", ["openai-chat": ["path": "/a?key=b"]], names: "dialects.openai-chat.path"),
        BadField("dialects", ["openai-chat": ["path": "/a?b=c&API-Key=d"]], names: "dialects.openai-chat.path"),
        BadField("dialects", ["openai-chat": ["path": "/a?access_token=b"]], names: "dialects.openai-chat.path"),
        BadField("dialects", ["openai-chat": ["way": "/a"]], names: "dialects.openai-chat.way"),
        BadField("auth", "bearer"), BadField("auth.scheme", nil), BadField("auth.scheme", "basic"),
        BadField("auth.secret", 5), BadField("auth.secret", ""), BadField("auth.secret", "two words"),
        BadField("auth.secret", "line\r\nend"), BadField("auth.secret", .string(String(repeating: "x", count: 4097))),
        BadField("auth.secret", ["env": "KEY"]), BadField("auth.user", "x"),
        BadField("auth", ["scheme": "none", "secret": "x"], names: "auth.secret"),
        BadField("headers", []), BadField("headers.authorization", "x"), BadField("headers.x-a", 1),
        BadField("headers.X-Upper", "x"), BadField("headers.x-a", "a\r\nb: c"),
        BadField("timeouts.connect_ms", 0), BadField("timeouts.connect_ms", "1"),
        BadField("timeouts.idle_ms", 86_400_001),
        BadField("timeouts.total_ms", 1.5), BadField("timeouts.other", 1),
        BadField("shape", ["x": 1], names: "shape.x"), BadField("region", ""), BadField("region", "a\nb"),
        BadField("region", .string(String(repeating: "r", count: 65))), BadField("enabled", "yes"),
        BadField("allow_private_network", 1), BadField("unknown", true),
    ])
    func `a wrong field is refused by its name`(_ bad: BadField) {
        let value = SpecSamples.setting(bad.path, to: bad.value, in: SpecSamples.provider)
        let error = #expect(throws: JSONShapeError.self) { _ = try ProviderInput(value) }
        #expect(error?.field == bad.field)
        #expect(error?.problem.contains("canary") == false)
    }

    @Test(arguments: ["http://127.0.0.1:8099", "http://10.1.2.3", "https://[fd00::1]:8443/v1", "http://vllm:8000"])
    func `a private address needs one explicit word`(url: String) throws {
        let value = SpecSamples.setting("base_url", to: .string(url), in: SpecSamples.provider)
        #expect(throws: JSONShapeError.self) { _ = try ProviderInput(value) }
        let allowed = SpecSamples.setting("allow_private_network", to: true, in: value)
        #expect(try ProviderInput(allowed).spec.baseURL.description == url)
    }

    @Test(arguments: ["https://8.8.8.8", "https://[2606:4700::1111]", "https://api.openai.com/v1", "https://a.co.uk"])
    func `a public address needs nothing`(url: String) throws {
        let value = SpecSamples.setting("base_url", to: .string(url), in: SpecSamples.provider)
        #expect(try ProviderInput(value).spec.baseURL.description == url)
    }

    @Test func `a patch changes what it names and keeps the rest and the secret`() throws {
        var present = try ProviderInput(SpecSamples.provider).spec
        present.credential = ProviderCredential(isSet: true, revision: 4)
        let patched = try ProviderInput(
            patch: [
                "enabled": false, "region": nil, "timeouts": ["idle_ms": 9], "headers": ["x-team": nil, "x-b": "c"],
            ],
            over: present
        )
        #expect(!patched.spec.enabled)
        #expect(patched.spec.region == nil)
        #expect(patched.spec.timeouts == TimeoutRecord(connect: 1000, firstByte: 2000, idle: 9, total: 4000))
        #expect(patched.spec.headers == ["x-b": "c"])
        #expect(patched.spec.dialects == present.dialects)
        guard case .keep = patched.secret else {
            Issue.record("the secret was touched")
            return
        }
    }

    @Test func `a patch with a null secret removes it`() throws {
        let present = try ProviderInput(SpecSamples.provider).spec
        let patched = try ProviderInput(patch: ["auth": ["secret": nil]], over: present)
        guard case .clear = patched.secret else {
            Issue.record("the secret was kept")
            return
        }
        #expect(patched.spec.authentication == .bearer)
    }

    @Test(arguments: [
        "https://evil.example/v1", "http://api.example.com:443/v1", "https://api.example.com:8443/v1",
        "https://api.example.com./v1",
    ])
    func `a stored secret does not go to another origin`(url: String) throws {
        var present = try ProviderInput(SpecSamples.provider).spec
        present.credential = ProviderCredential(isSet: true, revision: 1)
        let move: JSONValue = ["base_url": .string(url), "allow_private_network": true]
        let moved = try ProviderInput(patch: move, over: present)
        let error = #expect(throws: JSONShapeError.self) { _ = try moved.settled(over: present, at: "providers.demo") }
        #expect(error?.field == "providers.demo.auth.secret")
        #expect(error?.problem.contains("base_url") == true)
        // With its secret, with none, and without any to lose it may go anywhere.
        var change = moved
        change.secret = .set(Secret("sk-new"))
        guard case .set = try change.settled(over: present).secret else {
            Issue.record("the new secret was lost")
            return
        }
        change.secret = .clear
        guard case .clear = try change.settled(over: present).secret else {
            Issue.record("the secret was kept")
            return
        }
        _ = try moved.settled(over: nil)
        present.credential = ProviderCredential()
        _ = try moved.settled(over: present)
    }

    @Test func `a provider that needs no secret leaves it behind where it moves from`() throws {
        var present = try ProviderInput(SpecSamples.provider).spec
        present.credential = ProviderCredential(isSet: true, revision: 1)
        let patch: JSONValue = ["base_url": "https://evil.example", "auth": ["scheme": "none"]]
        guard case .clear = try ProviderInput(patch: patch, over: present).settled(over: present).secret else {
            Issue.record("the secret is there for whoever turns the scheme back")
            return
        }
    }

    @Test(arguments: [
        "api-key", "x-goog-api-key", "apikey", "x_api_key", "ocp-apim-subscription-key", "x-auth-token", "x-oauth",
        "x-amz-security-token", "x-client-secret", "proxy-password", "x-credential", "x-signature", "x-authtoken",
    ])
    func `a header for credentials is refused where it is written`(name: String) throws {
        let patch: JSONValue = ["headers": .object(JSONObject([(name, "x")]))]
        var present = try ProviderInput(SpecSamples.provider).spec
        let input = try ProviderInput(patch: patch, over: present)
        let error = #expect(throws: JSONShapeError.self) { _ = try input.settled(over: present) }
        #expect(error?.field == "headers.\(name)")
        #expect(error?.problem.contains("auth.secret") == true)
        // One that was stored before the rule does not keep the rest from being changed.
        present.headers[name] = "x"
        _ = try input.settled(over: present)
        present.headers[name] = "y"
        #expect(throws: JSONShapeError.self) { _ = try input.settled(over: present) }
    }

    @Test(arguments: [
        "anthropic-beta", "anthropic-version", "openai-organization", "openai-project", "http-referer", "x-title",
        "x-author", "x-max-tokens", "x-key", "idempotency-key", "x-goog-user-project", "x-secretary-id", "api-version",
    ])
    func `a header that tells something else is let through`(name: String) throws {
        let present = try ProviderInput(SpecSamples.provider).spec
        let patch: JSONValue = ["headers": .object(JSONObject([(name, "x")]))]
        #expect(try ProviderInput(patch: patch, over: present).settled(over: present).spec.headers[name] == "x")
    }

    @Test(arguments: ["https://api.example.com", "https://API.example.com:443/v2/x/"])
    func `another path of the same origin keeps the secret`(url: String) throws {
        var present = try ProviderInput(SpecSamples.provider).spec
        present.credential = ProviderCredential(isSet: true, revision: 1)
        let moved = try ProviderInput(patch: ["base_url": .string(url)], over: present).settled(over: present)
        guard case .keep = moved.secret else {
            Issue.record("the secret was touched")
            return
        }
    }

    @Test func `every change of a secret has a revision of its own`() {
        var credential = ProviderCredential()
        credential = credential.applying(.keep)
        #expect(credential == ProviderCredential(isSet: false, revision: 0))
        credential = credential.applying(.clear)
        #expect(credential == ProviderCredential(isSet: false, revision: 0))
        credential = credential.applying(.set(Secret("a")))
        #expect(credential == ProviderCredential(isSet: true, revision: 1))
        credential = credential.applying(.set(Secret("a")))
        #expect(credential == ProviderCredential(isSet: true, revision: 2))
        credential = credential.applying(.clear)
        #expect(credential == ProviderCredential(isSet: false, revision: 3))
    }

    @Test func `a provider survives the way through its record`() throws {
        var spec = try ProviderInput(SpecSamples.provider).spec
        spec.credential = ProviderCredential(isSet: true, revision: 2)
        #expect(ProviderSpec(spec.record(id: SpecSamples.slug("demo")), credential: spec.credential) == spec)
    }
}
