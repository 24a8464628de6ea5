import Catalog
import Contract
import Identity
import Testing
import Wire

struct TokenSpecTests {
    let policy = TokenPolicy()
    let now = SpecSamples.now

    @Test func `a full token is read`() throws {
        let creation = try TokenCreation(SpecSamples.token, policy: self.policy, now: self.now)
        #expect(creation.spec.allow == [SpecSamples.slug("default")])
        #expect(creation.spec.endpoints == [.openAIChat])
        #expect(creation.spec.strict)
        #expect(creation.spec.json["expires_at"] == "2026-03-01T00:00:00Z")
        #expect(creation.spec.json["not_before"] == "2026-01-02T00:00:00Z")
    }

    @Test func `a token lives 90 days unless something else is said`() throws {
        let value = SpecSamples.setting("expires_at", to: nil, in: SpecSamples.token)
        let creation = try TokenCreation(value, policy: self.policy, now: self.now)
        #expect(creation.spec.expiresAt == self.now + 90 * 86_400_000)
    }

    @Test func `a token without end needs a deployment that allows it`() throws {
        let value = SpecSamples.setting("expires_at", to: .null, in: SpecSamples.token)
        let error = #expect(throws: JSONShapeError.self) {
            _ = try TokenCreation(value, policy: TokenPolicy(), now: SpecSamples.now)
        }
        #expect(error?.field == "expires_at")
        let creation = try TokenCreation(value, policy: TokenPolicy(allowsUnlimited: true), now: self.now)
        #expect(creation.spec.expiresAt == nil)
        #expect(creation.spec.json["expires_at"] == .null)
    }

    @Test(arguments: [
        BadField("user", nil), BadField("user", "Alice"), BadField("user", "a_b"), BadField("project", 1),
        BadField("environment", ""), BadField("key", "a b"), BadField("allow", nil), BadField("allow", "default"),
        BadField("allow", ["A"], names: "allow[0]"), BadField("allow", ["a", "a"]), BadField("endpoints", []),
        BadField("endpoints", ["openai"], names: "endpoints[0]"),
        BadField("endpoints", ["openai-chat", "openai-chat"], names: "endpoints[1]"),
        BadField("strict", "true"), BadField("strict", 1), BadField("strict", [:]),
        BadField("limits", ["rpm": 1], names: "limits.rpm"), BadField("budgets", ["usd": 1], names: "budgets.usd"),
        BadField("not_before", "tomorrow"), BadField("not_before", 1), BadField("not_before", "2026-03-01T00:00:00Z"),
        BadField("expires_at", "2025-12-31T23:59:59Z"), BadField("expires_at", "2027-01-02T00:00:00Z"),
        BadField("expires_at", "2026-02-30T00:00:00Z"), BadField("description", ""), BadField("secret", "x"),
        BadField("state", "active"),
    ])
    func `a wrong field is refused by its name`(_ bad: BadField) {
        let value = SpecSamples.setting(bad.path, to: bad.value, in: SpecSamples.token)
        let error = #expect(throws: JSONShapeError.self) {
            _ = try TokenCreation(value, policy: TokenPolicy(), now: SpecSamples.now)
        }
        #expect(error?.field == bad.field)
    }

    @Test func `a key name is the date, and a number when that is taken`() throws {
        let value = SpecSamples.setting("key", to: nil, in: SpecSamples.token)
        let creation = try TokenCreation(value, policy: self.policy, now: self.now)
        var taken: Set<TokenID> = []
        for expected in ["k20260101", "k20260101-2", "k20260101-3"] {
            let id = try #require(
                creation.id(deployment: SpecSamples.slug("metrum"), now: self.now) { taken.contains($0) }
            )
            #expect(id.key.text == expected)
            taken.insert(id)
        }
    }

    @Test func `a key that was asked for and is taken is refused`() throws {
        let creation = try TokenCreation(SpecSamples.token, policy: self.policy, now: self.now)
        #expect(creation.id(deployment: SpecSamples.slug("metrum"), now: self.now) { _ in true } == nil)
    }

    @Test func `a patch may change rights and times but not names`() throws {
        let present = try TokenCreation(SpecSamples.token, policy: self.policy, now: self.now).spec
        let patched = try TokenSpec(
            patch: ["allow": ["fast", "big"], "endpoints": nil, "description": nil],
            over: present,
            policy: self.policy,
            now: self.now
        )
        #expect(patched.allow.map(\.text) == ["big", "fast"])
        #expect(patched.endpoints == nil)
        #expect(patched.expiresAt == present.expiresAt)
        for member in ["user", "state", "revoked_at", "token"] {
            let error = #expect(throws: JSONShapeError.self) {
                _ = try TokenSpec(patch: [member: "x"], over: present, policy: TokenPolicy(), now: SpecSamples.now)
            }
            #expect(error?.field == member)
        }
    }

    @Test func `a token is strict only when that is said, and says so in either case`() throws {
        for value in [nil, .null, false] as [JSONValue?] {
            let value = SpecSamples.setting("strict", to: value, in: SpecSamples.token)
            let spec = try TokenCreation(value, policy: self.policy, now: self.now).spec
            #expect(!spec.strict)
            #expect(spec.json["strict"] == false)
        }
        let spec = try TokenCreation(SpecSamples.token, policy: self.policy, now: self.now).spec
        #expect(spec.json["strict"] == true)
    }

    @Test(arguments: [true, false])
    func `a patch makes a token strict or not, and leaves it as it is otherwise`(before: Bool) throws {
        let present = TokenSpec(allow: [SpecSamples.slug("default")], strict: before)
        for (change, after) in [(nil, before), (true, true), (false, false), (.null, false)] as [(JSONValue?, Bool)] {
            let patch = SpecSamples.setting("strict", to: change, in: ["description": "x"])
            let patched = try TokenSpec(patch: patch, over: present, policy: self.policy, now: self.now)
            #expect(patched.strict == after)
            #expect(patched.allow == present.allow)
        }
        let error = #expect(throws: JSONShapeError.self) {
            _ = try TokenSpec(patch: ["strict": 1], over: present, policy: TokenPolicy(), now: SpecSamples.now)
        }
        #expect(error?.field == "strict")
    }

    @Test func `a patch of an expired token does not stumble over its expiry`() throws {
        let present = try TokenCreation(SpecSamples.token, policy: self.policy, now: self.now).spec
        let later = self.now + 400 * 86_400_000
        let patched = try TokenSpec(patch: ["description": "old"], over: present, policy: self.policy, now: later)
        #expect(patched.description == "old")
    }

    @Test func `a patch may end a token earlier but not beyond the maximum`() throws {
        let present = try TokenCreation(SpecSamples.token, policy: self.policy, now: self.now).spec
        let sooner: JSONValue = ["expires_at": "2026-02-01T00:00:00Z"]
        #expect(
            try TokenSpec(patch: sooner, over: present, policy: self.policy, now: self.now).json["expires_at"]
                == "2026-02-01T00:00:00Z"
        )
        for text in ["2027-02-01T00:00:00Z", "2025-01-01T00:00:00Z"] {
            #expect(throws: JSONShapeError.self) {
                _ = try TokenSpec(
                    patch: ["expires_at": .string(text)],
                    over: present,
                    policy: TokenPolicy(),
                    now: SpecSamples.now
                )
            }
        }
        #expect(throws: JSONShapeError.self) {
            _ = try TokenSpec(patch: ["expires_at": nil], over: present, policy: TokenPolicy(), now: SpecSamples.now)
        }
    }

    @Test func `a revoked token is compiled without rights`() throws {
        let spec = TokenSpec(allow: [SpecSamples.slug("default")], state: .revoked, revokedAt: 5)
        let code = try #require(Digest([UInt8](repeating: 1, count: 32)))
        let record = spec.record(id: SpecSamples.tokenID("bob"), credential: TokenCredential(code: code, pepper: "p"))
        #expect(record.allow.isEmpty)
        #expect(record.state == .revoked)
    }

    @Test func `a rotation is read with its defaults`() throws {
        let rotation = try TokenRotation([:])
        #expect(rotation.overlap == 0)
        #expect(rotation.expiry == .unspecified)
        #expect(try TokenRotation(["overlap_seconds": 60, "key": "next"]).overlap == 60_000)
        #expect(try TokenRotation(["expires_at": nil]).expiry == .never)
        for bad in [
            ["overlap_seconds": -1], ["overlap_seconds": 2_592_001], ["overlap_seconds": "1"], ["key": "A"], ["x": 1],
        ] as [JSONValue] {
            #expect(throws: JSONShapeError.self) { _ = try TokenRotation(bad) }
        }
    }
}
