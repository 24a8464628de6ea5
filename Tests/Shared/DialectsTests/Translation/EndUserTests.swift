import Canonical
import Dialects
import Identity
import Testing
import Wire

/// Whom a request is made for, from any dialect to any other.
@Suite struct EndUserTests {
    private static let claudeCode = #"{\"device_id\":\"d1\",\"account_uuid\":\"\",\"session_id\":\"s-1\"}"#
    private static let long = String(repeating: "a", count: 65)
    private static let longer = String(repeating: "a", count: 257)

    private static func written(
        _ caller: Dialect,
        _ members: String,
        to target: Dialect,
        takesEndUser: Bool = true,
        pseudonym: EndUser.Pseudonym = { "of \($0)" }
    ) throws -> RequestTranslation.Written {
        let body = try CompatibilityField(members, members).body(caller)
        var traits = TargetTraits(model: "acme")
        traits.takesEndUser = takesEndUser
        return try RequestTranslation(caller, body: body).written(
            for: target,
            traits,
            pseudonym: pseudonym,
            open: { _ in .foreign }
        )
    }

    private static func told(_ body: JSONValue) -> [String] {
        [body["user"], body["safety_identifier"], body["metadata"]?["user_id"]].map { $0?.stringValue ?? "-" }
    }

    @Test(arguments: [
        (Dialect.openAIChat, #"{"user":"ann"}"#, Dialect.openAIResponses, ["ann", "-", "-"], ""),
        (.openAIChat, #"{"user":"ann","safety_identifier":"s"}"#, .openAIResponses, ["ann", "s", "-"], ""),
        (.openAIResponses, #"{"safety_identifier":"s"}"#, .openAIChat, ["-", "s", "-"], ""),
        (.openAIResponses, #"{"user":"ann@example.com"}"#, .openAIChat, ["ann@example.com", "-", "-"], ""),
        (.openAIChat, #"{"user":"\#(long)"}"#, .openAIResponses, ["of \(long)", "-", "-"], "user"),
        (.openAIChat, #"{"user":"ann"}"#, .anthropicMessages, ["-", "-", "ann"], ""),
        (.openAIChat, #"{"user":"ann@example.com"}"#, .anthropicMessages, ["-", "-", "of ann@example.com"], "user"),
        (.openAIChat, #"{"user":"+49 30 1234"}"#, .anthropicMessages, ["-", "-", "of +49 30 1234"], "user"),
        (.openAIChat, #"{"user":"491512345678"}"#, .anthropicMessages, ["-", "-", "of 491512345678"], "user"),
        (.openAIChat, #"{"user":"\#(long)"}"#, .anthropicMessages, ["-", "-", long], ""),
        (.openAIChat, #"{"user":"\#(longer)"}"#, .anthropicMessages, ["-", "-", "of \(longer)"], "user"),
        (.openAIResponses, #"{"user":"ann","safety_identifier":"s"}"#, .anthropicMessages, ["-", "-", "s"], "user"),
        (.openAIResponses, #"{"user":"s","safety_identifier":"s"}"#, .anthropicMessages, ["-", "-", "s"], ""),
        (.anthropicMessages, #"{"metadata":{"user_id":"u-1"}}"#, .openAIChat, ["u-1", "-", "-"], ""),
        (.anthropicMessages, #"{"metadata":{"user_id":"u-1"}}"#, .openAIResponses, ["u-1", "-", "-"], ""),
        (
            .anthropicMessages, #"{"metadata":{"user_id":"\#(claudeCode)"}}"#, .openAIResponses,
            [#"of {"device_id":"d1","account_uuid":""}"#, "-", "-"], "metadata.user_id"
        ),
        (
            .anthropicMessages, #"{"metadata":{"user_id":"user_1_account__session_s-1"}}"#, .openAIChat,
            ["of user_1_account_", "-", "-"], "metadata.user_id"
        ),
    ])
    func `a name goes on as it is, or as a pseudonym that is reported`(
        _ caller: Dialect,
        _ members: String,
        _ target: Dialect,
        _ expected: [String],
        _ lost: String
    ) throws {
        let written = try EndUserTests.written(caller, members, to: target)
        #expect(EndUserTests.told(written.encoded.body) == expected)
        #expect(written.losses.headerValue == lost)
        #expect(HarmlessLosses.firstSerious(in: written.losses, of: caller) == nil)
    }

    @Test func `without a key to make a pseudonym with nothing is told`() throws {
        let written = try EndUserTests.written(
            .anthropicMessages,
            #"{"metadata":{"user_id":"\#(EndUserTests.claudeCode)"}}"#,
            to: .openAIChat,
            pseudonym: { _ in nil }
        )
        #expect(EndUserTests.told(written.encoded.body) == ["-", "-", "-"])
        #expect(written.losses.losses == [Loss("metadata.user_id", .dropped)])
        // The session still keeps the conversation's cache together.
        #expect(written.encoded.body["prompt_cache_key"] == "s-1")
    }

    @Test func `a target that takes no names gets none`() throws {
        let members = #"{"user":"ann","safety_identifier":"s"}"#
        let written = try EndUserTests.written(.openAIChat, members, to: .openAIResponses, takesEndUser: false)
        #expect(EndUserTests.told(written.encoded.body) == ["-", "-", "-"])
        #expect(written.losses.headerValue == "user,safety_identifier")
    }

    @Test func `a pseudonym is short, the same each time, and made of nothing an envelope is made of`() {
        // Only that the text is taken up and the code made readable is of interest.
        let mac: ReasoningEnvelope.MAC = { bytes in
            #expect(!bytes.starts(with: Array("rs1.".utf8)))
            return (0..<32).map { UInt8(truncatingIfNeeded: bytes.count + $0) }
        }
        let name = EndUser.pseudonym(of: "rs1.a", mac: mac)
        #expect(name == "0e0f101112131415161718191a1b1c1d")
        #expect(name == EndUser.pseudonym(of: "rs1.a", mac: mac))
        #expect(name != EndUser.pseudonym(of: "rs1.ab", mac: mac))
    }
}
