import Exchange
import Testing

/// The first lines of requests that no parser takes.
@Suite struct RequestLineTests {
    private func line(_ text: String) -> RequestLine? { RequestLine(Array(text.utf8).span) }

    @Test(arguments: [
        "POST /v1/messages HTTP/1.1\r\n", "POST /v1/messages HTTP/9.9\r\n", "POST /v1/messages",
        "POST /v1/messages\r\n",
        "POST  /v1/messages HTTP/1.1", "POST\t/v1/messages\tHTTP/1.1", "POST /v1/messages\u{0} HTTP/1.1",
        "POST /v1/messages\nHost: a\n",
    ])
    func `a word and a path behind it are a line, whatever follows`(_ text: String) throws {
        let line = try #require(self.line(text))
        #expect(line.method == "POST" && line.target == "/v1/messages")
    }

    @Test(arguments: [
        "", "POST", "POST ", "POST\r\n/v1/messages", " POST /v1/messages", "/v1/messages", "POST http://a/v1/messages",
        "\u{16}\u{3}\u{1} /", "*1\r\n$4\r\nPING\r\n", "POST \u{e9}/v1",
    ])
    func `anything else is none`(_ text: String) {
        #expect(self.line(text) == nil)
    }

    @Test func `a line may be cut anywhere`() {
        let text = "POST /v1/messages?beta=true HTTP/1.1"
        for length in 0...text.utf8.count {
            let line = self.line(String(text.prefix(length)))
            let read = line.map { "\($0.method) \($0.target)" }
            #expect(read == (length > 5 ? String(text.prefix(min(length, 27))) : nil))
        }
    }
}
