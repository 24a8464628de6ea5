import Contract
import Identity
import Testing

@Suite struct JoinTokenTests {
    private let id = "abcdEF12"
    private let secret = String(repeating: "s", count: 43)
    private let fingerprint = String(repeating: "0a", count: 32)
    private var text: String { "rtj_\(self.id)_\(self.secret)_\(self.fingerprint)" }

    @Test func `a token comes apart as it was put together`() throws {
        let token = try #require(JoinToken(self.text))
        #expect(token.id == self.id)
        #expect(token.secret.withExposedText { $0 } == self.secret)
        #expect(token.fingerprint.hex == self.fingerprint)
        #expect(token.text.withExposedText { $0 } == self.text)
    }

    @Test func `malformed tokens are refused`() {
        for text in [
            "", "rtj", "rtj___", self.text + "_", "x" + self.text, self.text + "0", String(self.text.dropLast()),
            "rtr_\(self.id)_\(self.secret)_\(self.fingerprint)", "rtj_\(self.id)x_\(self.secret)_\(self.fingerprint)",
            "rtj_\(self.id)_\(self.secret)", "rtj_abcdEF1-_\(self.secret)_\(self.fingerprint)",
            "rtj_\(self.id)_\(self.secret.dropLast())é_\(self.fingerprint)",
            "rtj_\(self.id)_\(self.secret)_\(self.fingerprint.dropLast())g", " " + self.text, self.text + "\n",
        ] {
            #expect(JoinToken(text) == nil, "\(text)")
        }
    }

    @Test func `a token does not show its secret`() throws {
        let token = try #require(JoinToken(self.text))
        var printed = "\(token) \(token.text)"
        dump(token, to: &printed)
        #expect(!printed.contains(self.secret))
    }
}
