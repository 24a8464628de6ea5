import Contract
import GatewayTestSupport
import Identity
import Sealing
import Testing
import Wire

/// Whatever way a value is printed, nothing of its key shows.
@Suite struct SecretRedactionTests {
    private func everyText(of value: some Any) -> String {
        var text = "\(value) \(String(describing: value)) \(String(reflecting: value)) "
        dump(value, to: &text)
        dump([value], to: &text)
        text += "\(Mirror(reflecting: value).children.map { "\($0)" })"
        return text
    }

    private func expectNothing(of raw: [UInt8], in text: String) {
        for form in [
            Hex.encode(raw), Base64.encode(raw), raw.map { "\($0)" }.joined(separator: ", "),
            "- \(raw.first ?? 0)\n",
        ] {
            #expect(!text.contains(form))
        }
    }

    @Test func `keys do not show`() {
        let signing = SigningKey()
        let sealing = NodeSealingKey()
        let identity = NodeIdentity(signingKey: signing, sealingKey: sealing)
        for text in [self.everyText(of: signing), self.everyText(of: sealing), self.everyText(of: identity)] {
            signing.rawPrivateKey.withExposedBytes { self.expectNothing(of: $0, in: text) }
            sealing.rawPrivateKey.withExposedBytes { self.expectNothing(of: $0, in: text) }
        }
    }

    @Test func `the master key and peppers do not show`() throws {
        let raw = SecureRandom.bytes(32)
        self.expectNothing(of: raw, in: self.everyText(of: try MasterKey(raw: SecretBytes(raw))))
        self.expectNothing(of: raw, in: self.everyText(of: PepperKey(SecretBytes(raw))))
        self.expectNothing(of: raw, in: self.everyText(of: ResponseIDKey(SecretBytes(raw))))
        self.expectNothing(of: raw, in: self.everyText(of: SecretBytes(raw)))
    }

    @Test func `a bundle of secrets does not show`() throws {
        let text = self.everyText(of: try SampleSnapshot.secrets())
        #expect(!text.contains("sk-sample"))
        self.expectNothing(of: [UInt8](repeating: 7, count: 32), in: text)
    }

    @Test func `errors of sealing say nothing of contents`() throws {
        do {
            _ = try SecretsBundle(plainText: Array(#"{"peppers":{"p":"not base64!"},"provider_secrets":{}}"#.utf8))
            Issue.record("a malformed bundle was read")
        } catch {
            #expect(!error.description.contains("not base64!"))
        }
    }
}
