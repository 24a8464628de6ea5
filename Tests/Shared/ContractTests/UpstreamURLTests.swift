import Contract
import Testing

@Suite struct UpstreamURLTests {
    @Test(arguments: [
        ("https://api.example.com", "https://api.example.com", 443), ("http://h", "http://h", 80),
        ("http://h:8080", "http://h:8080", 8080), ("https://h/", "https://h", 443),
        ("https://h/base/v1/", "https://h/base/v1", 443),
        ("https://API.Example.COM/X", "https://api.example.com/X", 443),
        ("http://127.0.0.1:1", "http://127.0.0.1:1", 1), ("http://[::1]:8000/x", "http://[::1]:8000/x", 8000),
        ("http://[FE80::1]", "http://[fe80::1]", 80), ("https://h:443", "https://h:443", 443),
        ("http://a_b-c.d:65535", "http://a_b-c.d:65535", 65_535), ("http://h/%20", "http://h/%20", 80),
    ])
    func `a URL is read`(text: String, normal: String, port: Int) throws {
        let url = try #require(UpstreamURL(text))
        #expect(url.description == normal)
        #expect(url.port == port)
        // What is checked is what is connected to: reading it again gives the same.
        #expect(UpstreamURL(url.description) == url)
    }

    @Test(arguments: [
        "", "h", "//h", "ftp://h", "HTTP://h", "https:/h", "https://", "https:///x", "https://:80", "http://h:",
        "http://h:0", "http://h:65536", "http://h:-1", "http://h:+80", "http://h:8a", "http://h:80:80",
        "http://user@h", "http://user:pass@h", "http://h?x", "http://h/?x", "http://h#f", "http://h/#",
        "http://h/../x", "http://h/x/..", "http://h/./x", "http://h//x", "http://h\\x", "http://h /", " http://h",
        "http://h\n", "http://h/\u{0}", "http://é", "http://h/é", "http://[::1", "http://::1]", "http://[::1]x",
        "http://[g::1]", "http://[]", "http://[1]", "http://[::1%25eth0]", "http://a,b", "http://a;b", "http://%68",
        "http://h/<x>",
        "http://h/\"", "http://h/{x}", "http://h/|", "http://h/^", "http://h/`", "javascript://h", "file:///etc",
        "http://\u{ff48}", "http://\u{212a}",
    ])
    func `what is no plain base URL is refused`(text: String) {
        #expect(UpstreamURL(text) == nil)
    }

    @Test func `a URL that is too long is refused`() {
        #expect(UpstreamURL("http://h/" + String(repeating: "a", count: 2030)) != nil)
        #expect(UpstreamURL("http://h/" + String(repeating: "a", count: 2048)) == nil)
        #expect(UpstreamURL("http://" + String(repeating: "a", count: 256)) == nil)
    }

    @Test(arguments: [
        ("/a", true), ("/", true), ("/v1/chat", true), ("", false), ("a", false), ("//a", false), ("/a?b", false),
        ("/a#b", false), ("/a b", false), ("/a\n", false), ("/é", false), ("/a\\b", false), ("?b=c", false),
        ("/a?", false), ("/a?=b", false), ("/a?b=c&", false), ("/a?&b=c", false), ("/a?b=c?d=e", false),
        ("/a?b=c#d", false), ("/a?b=c d", false), ("/a?b=c\\d", false), ("/a?b=//c", false), ("/a?b%=c", false),
        ("/a?b=é", false), ("/a\r\n?b=c", false),
    ])
    func `a path behind a base URL is absolute and plain`(text: String, isPath: Bool) {
        #expect(SnapshotBody.isPath(text) == isPath)
    }
}
