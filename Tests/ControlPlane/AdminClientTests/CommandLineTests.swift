import ArgumentParser
import CurlTransport
import Testing
import Wire

@testable import AdminClient

struct CommandLineTests {
    @Test(arguments: [
        "provider list", "provider get demo", "provider put demo -f x.yaml --if-match 3 --dry-run",
        "provider patch demo --set enabled=false --set region=eu", "provider delete demo --if-match 1",
        "model list", "model list demo", "model get demo/large", "model put demo/large -f -", "model delete demo/large",
        "group list --json", "group put default --file x",
        "token create --user a --project b --environment c --allow d --allow e",
        "token list", "token get t", "token revoke t", "token rotate t --overlap 60 --new-key k",
        "token patch t --set a=1", "token patch t --no-strict --if-match 2 --dry-run",
        "token create --user a --project b --environment c --allow d --strict",
        "admin create ops --role viewer", "admin list", "admin rotate ops", "admin delete ops", "node list",
        "node delete n", "join-token create --valid-seconds 60", "snapshot list --limit 3", "snapshot show 3",
        "snapshot diff 3 --against 1", "snapshot restore 3 --dry-run", "audit --limit 9",
        "apply -f x --dry-run --prune", "attestation list demo/large",
        "attestation put demo/large openai-chat image_inline --reason seen --expires-at 2030-01-01T00:00:00Z --dry-run",
        "attestation delete demo/large openai-chat image_inline", "validation run demo/large",
        "validation run demo/large --dialect openai-chat --case text --case tools", "validation list --limit 3",
        "validation get 7", "evidence", "evidence --provider demo --model large",
    ])
    func `a verb is understood`(line: String) throws {
        let command = try AdminCommand.parseAsRoot(line.split(separator: " ").map(String.init))
        #expect(command is any AdminVerb)
        #expect(AdminCommandLine.verbs.contains(String(line.prefix { $0 != " " })))
    }

    @Test(arguments: [
        "provider frob", "token create --user a", "snapshot show x", "apply", "provider get", "admin create x",
        "audit --limit many", "token list extra", "token patch t --strict=maybe",
        "provider patch p --strict", "attestation put demo/large openai-chat text", "validation get x",
    ])
    func `a wrong line ends with status 64`(line: String) {
        #expect {
            try AdminCommand.parseAsRoot(line.split(separator: " ").map(String.init))
        } throws: { error in
            AdminCommand.exitCode(for: error) == .validationFailure
        }
    }

    @Test(arguments: [("", nil), ("--strict", true), ("--no-strict", false)] as [(String, JSONValue?)])
    func `a token is made strict when that is said`(flag: String, strict: JSONValue?) throws {
        let line = "token create --user a --project b --environment c --allow d \(flag)"
        let verb = try AdminCommand.parseAsRoot(line.split(separator: " ").map(String.init))
        let body = try #require(verb as? TokenCreateVerb).body
        #expect(body["strict"] == strict)
        #expect(body["user"] == "a")
    }

    @Test(
        arguments: [
            ("--set description=x", ["description": "x"]), ("--strict", ["strict": true]),
            ("--no-strict", ["strict": false]), ("--strict --set description=x", ["description": "x", "strict": true]),
            ("--no-strict --set strict=true", ["strict": false]),
        ] as [(String, JSONValue)]
    )
    func `a token is patched by flags and by fields`(flags: String, body: JSONValue) throws {
        let verb = try AdminCommand.parseAsRoot("token patch t \(flags)".split(separator: " ").map(String.init))
        #expect(try #require(verb as? TokenPatchVerb).body() == body)
    }

    @Test func `a patch of a token needs something to change`() throws {
        let verb = try #require(try AdminCommand.parseAsRoot(["token", "patch", "t"]) as? TokenPatchVerb)
        #expect(throws: AdminFailure.self) { try verb.body() }
    }

    @Test func `no name can change what is asked for`() throws {
        #expect(try ModelNoun.path("demo/large") == "/providers/demo/models/large")
        for bad in ["", "..", "a?b", "a/b", "a b", "a#b", "%2e", "a\nb"] {
            #expect(throws: AdminFailure.self) { try ProviderNoun.path(bad) }
        }
        for bad in ["demo", "demo/", "a/b/c", "../x", "demo/.."] {
            #expect(throws: AdminFailure.self) { try ModelNoun.path(bad) }
        }
    }

    @Test func `every failure has its status`() {
        #expect(AdminFailure.refused(status: 409, code: "x", message: "y", field: nil).exitStatus == 1)
        #expect(AdminFailure.unreachable(url: "u", reason: .connectFailed).exitStatus == 69)
        #expect(AdminFailure.usage("u").exitStatus == 64)
        let refused = AdminFailure.refused(status: 422, code: "invalid-request", message: "must be", field: "a.b")
        #expect(refused.description == "refused (422 invalid-request, field a.b): must be")
    }
}
