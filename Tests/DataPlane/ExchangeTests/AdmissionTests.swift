import Contract
import Dialects
import Exchange
import GatewayTestSupport
import Identity
import Testing

/// Credentials as they are presented, and tokens as they are admitted.
@Suite struct AdmissionTests {
    /// What a credential was taken for: `token`, `none` or `contradictory`.
    private func presented(_ authorizations: [String], _ keys: [String] = []) -> String {
        var facts = HeadFacts(method: "POST", target: "/v1/messages", minorVersion: 1)
        facts.authorizations = authorizations
        facts.apiKeys = keys
        switch PresentedCredential(facts) {
        case .token(let token): return "token \(token.id)"
        case .none: return "none"
        case .contradictory: return "contradictory"
        }
    }

    private func token(_ key: String) throws -> String {
        Example.token(try TokenID.example(key: key)).withExposedText { $0 }
    }

    @Test func `a token is taken from either header`() throws {
        let text = try self.token("k1")
        let found = "token rtr_metrum_alice_docs_test_k1"
        for authorization in ["Bearer \(text)", "bearer \(text)", "BEARER \(text)", "Bearer    \(text)"] {
            #expect(self.presented([authorization]) == found)
        }
        #expect(self.presented([], [text]) == found)
        #expect(self.presented(["Bearer \(text)"], [text]) == found)
        #expect(self.presented(["Basic YTpi"], [text]) == found)
        #expect(self.presented(["Bearer \(text)"], [""]) == found)
    }

    @Test func `two credentials that differ contradict each other`() throws {
        let one = try self.token("k1")
        let two = try self.token("k2")
        #expect(self.presented(["Bearer \(one)"], [two]) == "contradictory")
        #expect(self.presented(["Bearer \(one)"], ["sk-other"]) == "contradictory")
        #expect(self.presented(["Bearer sk-other"], [one]) == "contradictory")
        #expect(self.presented(["Bearer \(one)", "Bearer \(one)"]) == "contradictory")
        #expect(self.presented([], [one, one]) == "contradictory")
    }

    @Test func `what is no token is nothing`() throws {
        let text = try self.token("k1")
        for authorization in [
            "", "Bearer", "Bearer ", text, "Bearer\t\(text)", "Bearer \(text) ", "Bearer \(text)x",
            "Bearer \(text.dropLast())",
            "Bearer x\(text)", "Token \(text)", "Bearer Bearer \(text)", "Bearer \(text), Bearer \(text)",
            "Bearer rta_admin",
            "Bearer \(text.replacing("k1_", with: "k2_"))", "Bearer \(String(repeating: "a", count: 100_000))",
        ] {
            #expect(self.presented([authorization]) == "none", "\(authorization.prefix(90))")
        }
        #expect(self.presented([], [""]) == "none")
        #expect(self.presented([]) == "none")
    }

    @Test func `of several reasons to refuse the first is told`() throws {
        let now = 1000
        func code(
            _ state: TokenRecord.State,
            isRevoked: Bool = false,
            from start: Int? = nil,
            to end: Int? = nil,
            _ endpoints: [Dialect]? = nil
        ) throws -> String? {
            TokenCheck.refusal(
                of: try TokenRecord.example(
                    key: "k1",
                    allow: [],
                    state: state,
                    endpoints: endpoints,
                    notBefore: start,
                    expiresAt: end
                ),
                isRevoked: isRevoked,
                now: now,
                endpoint: .generate(.openAIChat)
            )?.code
        }
        #expect(try code(.active) == nil)
        #expect(try code(.active, from: 1000, to: 1001, [.openAIChat]) == nil)
        #expect(try code(.revoked, from: 2000, to: 500, []) == "key-revoked")
        #expect(try code(.active, isRevoked: true, from: 2000, to: 500, []) == "key-revoked")
        #expect(try code(.active, from: 1001, to: 500, []) == "key-not-yet-valid")
        #expect(try code(.active, from: 999, to: 1000, []) == "key-expired")
        #expect(try code(.active, [.openAIResponses]) == "endpoint-not-allowed")
        #expect(try code(.active, []) == "endpoint-not-allowed")
        #expect(try code(.active, from: Int.min, to: Int.max) == nil)
    }

    @Test func `a token for some dialects may still list its groups`() throws {
        let record = try TokenRecord.example(key: "k1", allow: [], endpoints: [])
        for endpoint in [Endpoint.models, .model("default")] {
            #expect(TokenCheck.refusal(of: record, isRevoked: false, now: 0, endpoint: endpoint) == nil)
        }
    }
}
