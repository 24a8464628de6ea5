import Identity
import Sealing
import Testing

@Suite struct TokenCodeTests {
    /// RFC 4231 §4.2, §4.3, §4.7: HMAC-SHA256.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0b, count: 20), "Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func `the code is HMAC-SHA256`(key: [UInt8], text: String, code: String) {
        #expect(TokenCode.code(of: Secret(text), pepper: SecretBytes(key)).hex == code)
        let prepared = PepperKey(SecretBytes(key))
        // Used twice: the prepared key must not be spent by the first use.
        #expect(prepared.code(of: Array(text.utf8)).hex == code)
        #expect(prepared.code(of: Secret(text)).hex == code)
    }

    @Test func `SHA-256 of the empty text is the published one`() {
        #expect(
            SHA256Digest.of([]).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        )
    }
}
