import Testing

@testable import CurlTransport

@Suite struct HeadReaderTests {
    private func read(_ lines: [String]) -> HeadReader.Reading {
        var reader = HeadReader()
        var reading = HeadReader.Reading.incomplete
        for line in lines {
            reading = reader.read(Array(line.utf8).span)
            guard reading == .incomplete else { return reading }
        }
        return reading
    }

    private func headers(_ lines: [String]) -> [String]? {
        guard case .complete(let head) = self.read(["HTTP/1.1 200 OK\r\n"] + lines + ["\r\n"]) else { return nil }
        return head.headers.map { "\($0.name)=\($0.value)" }
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK", 200), ("HTTP/1.0 404 Not Found", 404), ("HTTP/2 204 ", 204), ("HTTP/2 599", 599),
        ("HTTP/1.1 999 ", 999),
    ])
    func `a status line gives its status`(_ line: String, _ status: Int) {
        #expect(self.read([line + "\r\n", "\r\n"]) == .complete(TransferHead(status: status, headers: [])))
        #expect(self.read([line + "\n", "\n"]) == .complete(TransferHead(status: status, headers: [])))
    }

    @Test(arguments: [
        "", " ", "HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 20", "HTTP/1.1 2000", "HTTP/1.1 2x0 OK", "HTTP/1.1 099 X",
    ])
    func `what is no status line is invalid`(_ line: String) {
        #expect(self.read([line + "\r\n"]) == .invalid)
    }

    @Test func `names become lower case and values lose surrounding blanks only`() {
        #expect(
            self.headers(["A-B: c\r\n", "X:\t  d  e \t\r\n", "Y:\r\n", "Z:;:\n"]) == ["a-b=c", "x=d  e", "y=", "z=;:"]
        )
    }

    @Test(arguments: [": x", "a b: x", "a\u{0}: x", "a", "a\u{e9}: x", "a: x\u{0}", "a: x\ry"])
    func `what is no field is invalid`(_ line: String) {
        #expect(self.headers([line + "\r\n"]) == nil)
    }

    @Test func `a folded line belongs to the one before`() {
        #expect(self.headers(["a: b\r\n", "  c\r\n", "\td\r\n"]) == ["a=b c d"])
        #expect(self.headers([" c\r\n"]) == nil)
    }

    @Test(arguments: [
        (["Content-Length: 5"], true), (["Content-Length: 5", "content-length: 5"], true),
        (["Content-Length: 5", "Content-Length: 05"], false), (["Content-Length: 5", "Content-Length: 6"], false),
        (["Transfer-Encoding: chunked"], true), (["Content-Length: 5", "Transfer-Encoding: chunked"], false),
        (["Transfer-Encoding: chunked", "Content-Length: 5"], false),
    ])
    func `framing that can be read in two ways is invalid`(_ lines: [String], _ isClear: Bool) {
        #expect((self.headers(lines.map { $0 + "\r\n" }) != nil) == isClear)
    }

    @Test func `interim heads are told apart, and a change of protocol is refused`() {
        #expect(self.read(["HTTP/1.1 100 Continue\r\n", "\r\n"]) == .interim)
        #expect(self.read(["HTTP/1.1 199 X\r\n", "a: b\r\n", "\r\n"]) == .interim)
        #expect(self.read(["HTTP/1.1 101 Switching Protocols\r\n", "\r\n"]) == .invalid)
    }

    @Test func `a reader starts anew after each head`() {
        var reader = HeadReader()
        for line in ["HTTP/1.1 103 X\r\n", "a: b\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "c: d\r\n"] {
            _ = reader.read(Array(line.utf8).span)
        }
        #expect(reader.read(Array("\r\n".utf8).span) == .complete(TransferHead(status: 200, headers: [("c", "d")])))
    }
}
