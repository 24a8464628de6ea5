import Contract
import Crypto
import Identity
import Testing

/// Caller tokens in every state, with the records that a snapshot has of them.
struct Tokens: Sendable {
    static let pepper = SecretBytes(Array(repeating: 7, count: 32))

    let good = Tokens.issue("good")
    /// As good, and another's.
    let second = Tokens.issue("second")
    let revoked = Tokens.issue("revoked")
    /// Revoked since the snapshot was made.
    let revokedLater = Tokens.issue("later")
    let expired = Tokens.issue("expired")
    let future = Tokens.issue("future")
    let messagesOnly = Tokens.issue("messages")
    /// Well-formed, and in no record.
    let unknown = Tokens.issue("unknown")
    /// A known id with another secret, its checksum right.
    let wrongSecret = Tokens.issue("good", seed: 99)

    func records(allow: [Slug]) throws -> [TokenRecord] {
        try [
            Tokens.record(self.good, allow), Tokens.record(self.second, allow),
            Tokens.record(self.revoked, allow, state: .revoked),
            Tokens.record(self.revokedLater, allow), Tokens.record(self.expired, allow, expiresAt: 1000),
            Tokens.record(self.future, allow, notBefore: 4_000_000_000_000),
            Tokens.record(self.messagesOnly, allow, endpoints: [.anthropicMessages]),
        ]
    }

    static func id(of token: String) -> String { String(token.dropLast(50)) }

    private static func issue(_ key: String, seed: UInt8 = 1) -> String {
        var byte = seed
        guard let id = TokenID("rtr_metrum_alice_demo_test_\(key)") else { return "" }
        let secret = CallerToken.issue(for: id) {
            byte = byte &* 13 &+ 41
            return byte
        }
        return secret.withExposedText { $0 }
    }

    private static func record(
        _ token: String,
        _ allow: [Slug],
        state: TokenRecord.State = .active,
        endpoints: [Dialect]? = nil,
        notBefore: Int? = nil,
        expiresAt: Int? = nil
    ) throws -> TokenRecord {
        let key = Tokens.pepper.withExposedBytes { SymmetricKey(data: $0) }
        let code = HMAC<SHA256>.authenticationCode(for: Array(token.utf8), using: key)
        return TokenRecord(
            id: try #require(TokenID(Tokens.id(of: token))),
            code: try #require(Digest(code)),
            pepper: "p1",
            state: state,
            allow: allow,
            endpoints: endpoints,
            notBefore: notBefore,
            expiresAt: expiresAt
        )
    }
}
