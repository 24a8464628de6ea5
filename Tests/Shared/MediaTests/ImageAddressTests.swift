import Addresses
import Media
import Testing

@Suite struct ImageAddressTests {
    private static func problem(_ text: String) -> ImageProblem? {
        switch ImageAddress.read(Array(text.utf8).span) {
        case .success: nil
        case .failure(let problem): problem
        }
    }

    @Test(arguments: [
        ("https://example.com/a.png", "example.com"), ("HTTPS://EXAMPLE.com.", "example.com"),
        ("http://a-b_c.example.com:8080?x=y", "a-b_c.example.com"),
        ("https://xn--bcher-kva.example#", "xn--bcher-kva.example"), ("https://a.example/@b?@c#@d", "a.example"),
    ])
    func `a name is told in lower case`(_ text: String, _ name: String) {
        #expect(ImageAddress.read(Array(text.utf8).span) == .success(.name(name)))
    }

    @Test(
        arguments: [
            ("https://1.1.1.1/", [1, 1, 1, 1]), ("http://127.0.0.1.:80", [127, 0, 0, 1]),
            ("https://[::1]:443/", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
        ] as [(String, [UInt8])]
    )
    func `an address is told as one`(_ text: String, _ bytes: [UInt8]) {
        #expect(ImageAddress.read(Array(text.utf8).span) == .success(.address(NetworkAddress(bytes: bytes))))
    }

    @Test func `a data URL tells its type and where its bytes begin`() {
        let read = { (text: String) in ImageAddress.read(Array(text.utf8).span) }
        #expect(read("data:image/png;base64,AA==") == .success(.data(mediaType: "image/png", start: 22)))
        #expect(read("DATA:Image/PNG;x=y;BASE64,") == .success(.data(mediaType: "image/png", start: 26)))
    }

    @Test(
        arguments: [
            ("", .scheme), ("example.com/a.png", .scheme), ("file:///etc/passwd", .scheme),
            ("ftp://a.example", .scheme),
            ("gs://bucket/x", .scheme), ("//a.example/x", .scheme), ("data:image/png,abc", .scheme),
            (" https://a.b", .scheme),
            ("data:;base64", .scheme), ("https:a.example", .malformedURL), ("https:/a.example", .malformedURL),
            ("https://", .malformedURL), ("https:///x", .malformedURL),
            ("https://a.example\\@10.0.0.1/", .malformedURL),
            ("https://a.example\n.b", .malformedURL), ("https://a.example/ x", .malformedURL),
            ("https://b\u{FC}cher.example/", .malformedURL), ("https://\u{2460}27.0.0.1/", .malformedURL),
            ("https://127\u{3002}0\u{3002}0\u{3002}1/", .malformedURL), ("https://%31%32%37.0.0.1/", .malformedURL),
            ("https://a.example:0/", .malformedURL), ("https://a.example:65536/", .malformedURL),
            ("https://a.example:8x/", .malformedURL), ("https://a.example:/", .malformedURL),
            ("https://[::1]x/", .malformedURL), ("https://[::1/", .malformedURL),
            ("https://user@a.example/", .credentials), ("https://a.example:x@10.0.0.1/", .credentials),
            ("https://@a.example/", .credentials), ("http://8.8.8.8#@127.0.0.1/", .credentials),
            ("http://8.8.8.8?@127.0.0.1/", .credentials), ("http://127.0.0.1:80#@8.8.8.8/", .credentials),
            ("http://8.8.8.8\\@127.0.0.1/", .malformedURL), ("http:/\\/127.0.0.1", .malformedURL),
            ("http:\\\\127.0.0.1/", .malformedURL), ("http://8.8.8.8\t@127.0.0.1/", .malformedURL),
            ("ht\ntp://127.0.0.1/", .scheme), ("\thttp://127.0.0.1/", .scheme),
            ("http://127.0.0.1/\r\n", .malformedURL),
            ("http://127.0.0.1%2f@8.8.8.8/", .credentials), ("http://8.8.8.8%23.a.example/", .malformedURL),
            ("http://8.8.8.8;a.example/", .malformedURL), ("http://8.8.8.8,127.0.0.1/", .malformedURL),
            ("http://8.8.8.8:80:80/", .malformedURL), ("http://8.8.8.8:+80/", .malformedURL),
            ("http://::1/", .malformedURL), ("http://[127.0.0.1]/", .disguisedAddress),
            ("http://[fe80::1%eth0]/", .disguisedAddress), ("http://[::1%25lo]:80/", .disguisedAddress),
            ("http://127.0.0.1../", .disguisedAddress), ("http://./", .disguisedAddress),
            ("http://0x7f.0.0.1/", .disguisedAddress), ("http://127.0.0.0x1/", .disguisedAddress),
            ("http://017700000001/", .disguisedAddress), ("http://127.0.1/", .disguisedAddress),
            ("http://127.0.0.256/", .disguisedAddress), ("http://127.0.0.1.8/", .disguisedAddress),
            ("http://\u{FF11}27.0.0.1/", .malformedURL), ("http://a\u{FF0E}example/", .malformedURL),
            ("http://a\u{AD}.example/", .malformedURL),
            ("http://2130706433/", .disguisedAddress),
            ("http://0x7f000001/", .disguisedAddress), ("http://0177.0.0.1/", .disguisedAddress),
            ("http://127.1/", .disguisedAddress), ("http://[::1%25eth0]/", .disguisedAddress),
            ("http://a..example/", .disguisedAddress), ("http://localhost/", .notPublic),
            ("http://LOCALHOST.:80/", .notPublic),
            ("http://metadata/", .notPublic), ("http://metadata.google.internal/", .notPublic),
        ] as [(String, ImageProblem)]
    )
    func `what readers may take for something else is refused`(_ text: String, _ problem: ImageProblem) {
        #expect(ImageAddressTests.problem(text) == problem)
    }

    @Test func `a long address is refused`() {
        let path = String(repeating: "a", count: ImageAddress.maximumURLBytes)
        #expect(ImageAddressTests.problem("https://a.example/" + path) == .malformedURL)
        let host = String(repeating: "a.", count: 127)
        #expect(ImageAddressTests.problem("https://\(host)example/") == .malformedURL)
    }

    @Test(arguments: [
        "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]",
    ])
    func `an address inside another is judged as itself`(_ host: String) throws {
        guard case .address(let address) = try ImageAddress.read(Array("http://\(host)/".utf8).span).get() else {
            Issue.record("no address")
            return
        }
        #expect(!address.isPublic)
    }
}
