import Testing
import Wire

@Suite struct ServerSentEventTests {
    private func event(_ text: String) -> ServerSentEvent {
        let bytes = Array(text.utf8)
        return ServerSentEvent(lines: bytes.span)
    }

    private func data(_ text: String) -> String? {
        self.event(text).data.map { String(decoding: $0, as: UTF8.self) }
    }

    /// WHATWG HTML §9.2.6, with its examples.
    @Test(
        arguments: [
            ("data: a\n\n", "a"), ("data:a\n\n", "a"), ("data:  a\n\n", " a"), ("data\n\n", ""), ("data:\n\n", ""),
            ("data: YHOO\ndata: +2\ndata: 10\n\n", "YHOO\n+2\n10"), ("data\ndata\n\n", "\n"),
            ("data:\ndata: x\n\n", "\nx"),
            ("data: a\r\ndata: b\r\n\r\n", "a\nb"), ("data: a\rdata: b\r\r", "a\nb"), (": test stream\n\n", nil),
            ("id: 1\n\n", nil), ("event: x\n\n", nil), ("Data: a\n\n", nil), (" data: a\n\n", nil),
            ("datax: a\n\n", nil),
            ("data: a: b\n\n", "a: b"), ("data: a", "a"), ("", nil), ("\n", nil), (":\n:\ndata: x\n\n", "x"),
            ("data: {\"a\":\"b\"}\n\n", "{\"a\":\"b\"}"), ("da\n\n", nil), ("dataa\n\n", nil),
        ] as [(String, String?)]
    )
    func `data fields are joined by LF`(text: String, expected: String?) {
        #expect(self.data(text) == expected)
    }

    @Test(
        arguments: [
            ("event: a\ndata: 1\n\n", "a"), ("event: a\nevent: b\n\n", "b"), ("event:a\n\n", "a"), ("event\n\n", ""),
            ("data: 1\n\n", nil), ("event: é🙂\r\n\r\n", "é🙂"), ("EVENT: a\n\n", nil),
        ] as [(String, String?)]
    )
    func `the last name counts`(text: String, expected: String?) {
        #expect(self.event(text).name == expected)
    }

    @Test func `bytes that are not UTF-8 pass through the data untouched`() {
        let bytes: [UInt8] = Array("data: ".utf8) + [0xff, 0x00, 0xc3] + [0x0a, 0x0a]
        #expect(ServerSentEvent(lines: bytes.span).data == [0xff, 0x00, 0xc3])
    }

    @Test func `what is encoded reads back`() throws {
        let value: JSONValue = ["text": "line\nline\r\u{2028}", "n": 1]
        for name in [nil, "message_start"] {
            let bytes = ServerSentEvent.encode(name: name, data: value)
            let event = ServerSentEvent(lines: bytes.span)
            #expect(event.name == name)
            #expect(try JSONReader.read(event.data ?? []) == value)
            var boundary = ServerSentEventBoundary()
            #expect(boundary.next(in: bytes.span, from: 0) == bytes.count)
        }
    }
}
