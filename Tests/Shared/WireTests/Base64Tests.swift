import GatewayTestSupport
import Testing
import Wire

@Suite struct Base64Tests {
    /// RFC 4648 §10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `the published examples come out`(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
    }

    @Test func `bytes of every length survive`() {
        var generator = SeededGenerator(seed: 5)
        for count in 0..<300 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
        #expect(Base64.encode([0xfb, 0xff, 0xbf]) == "+/+/")
    }

    @Test(arguments: [
        "A", "AA", "AAA", "=", "==", "===", "====", "A===", "=AAA", "AA=A", "Zg=", "Zg", "Zh==", "Zm9=", "Zg==\n",
        " Zg==", "Zg==Zg==", "Z-_=", "AAAA=", "AAA==", "ÄÄ==", "Zg==\u{0}",
    ])
    func `what is not canonical base64 is refused`(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
