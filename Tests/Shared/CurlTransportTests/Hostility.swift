import CurlTransport
import Testing

/// One way for an upstream to misbehave: what it sends after the request, how it ends, and what that is called.
struct Hostility: Sendable, CustomTestStringConvertible {
    enum End: Sendable { case close, reset, halfClose }

    let testDescription: String
    let bytes: [UInt8]
    let end: End

    /// Nil when an answer like this is a complete one.
    let failure: TransferFailure?

    private init(_ description: String, _ text: String, _ end: End, _ failure: TransferFailure?) {
        self.testDescription = description
        self.bytes = Array(text.utf8)
        self.end = end
        self.failure = failure
    }

    private static let ok = "HTTP/1.1 200 OK\r\n"
    private static let chunked = ok + "Transfer-Encoding: chunked\r\n\r\n"
    private static let filler = "X-Filler: " + String(repeating: "y", count: 88) + "\r\n"

    static let all = heads + framings + endless + harmless

    private static let heads: [Hostility] = [
        Hostility("closes at once", "", .close, .receiveFailed),
        Hostility("resets at once", "", .reset, .receiveFailed),
        Hostility("half-closes at once", "", .halfClose, .receiveFailed),
        Hostility("sends garbage", "this is no HTTP at all\r\n\r\n", .close, .badResponse),
        Hostility("sends binary garbage", "\u{16}\u{3}\u{1}\u{0}\u{5}\u{1}", .close, .badResponse),
        Hostility("sends bare HTML", "<html><body>500</body></html>", .close, .badResponse),
        Hostility("sends a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", .close, .badResponse),
        Hostility("sends a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", .close, .badResponse),
        Hostility("sends half a head", ok + "Content-Le", .close, .receiveFailed),
        Hostility("resets in the head", ok + "Content-Length: 5\r\n", .reset, .receiveFailed),
        Hostility("sends a line without a colon", ok + "nonsense\r\nContent-Length: 0\r\n\r\n", .close, .badResponse),
        Hostility("sends a name with a space", ok + "A Name: x\r\nContent-Length: 0\r\n\r\n", .close, .badResponse),
        Hostility("sends a zero byte", ok + "X: a\u{0}b\r\nContent-Length: 0\r\n\r\n", .close, .badResponse),
        Hostility("switches protocols", "HTTP/1.1 101 Sure\r\nUpgrade: x\r\n\r\n", .close, .badResponse),
    ]

    private static let framings: [Hostility] = [
        Hostility(
            "sends two lengths",
            ok + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
            .close,
            .badResponse
        ),
        Hostility(
            "sends a length beside chunks",
            ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            .close,
            .badResponse
        ),
        Hostility("sends a length that is no number", ok + "Content-Length: five\r\n\r\nhello", .close, .badResponse),
        Hostility("sends a negative length", ok + "Content-Length: -5\r\n\r\nhello", .close, .badResponse),
        Hostility("closes before the declared end", ok + "Content-Length: 10\r\n\r\nhello", .close, .cutShort),
        Hostility("half-closes too early", ok + "Content-Length: 10\r\n\r\nhello", .halfClose, .cutShort),
        Hostility("resets in the body", ok + "Content-Length: 10\r\n\r\nhello", .reset, .receiveFailed),
        Hostility("closes in a chunk", chunked + "a\r\nhello", .close, .cutShort),
        Hostility("closes between chunks", chunked + "5\r\nhello\r\n", .close, .cutShort),
        Hostility("closes before the last line end", chunked + "5\r\nhello\r\n0\r\n", .close, .cutShort),
        Hostility("resets between chunks", chunked + "5\r\nhello\r\n", .reset, .receiveFailed),
        Hostility("sends a chunk size that is no number", chunked + "xyz\r\nhello\r\n", .close, .badResponse),
        Hostility("sends a chunk size of 68 bits", chunked + "fffffffffffffffff\r\nhello\r\n", .close, .badResponse),
        Hostility("sends no line end after a chunk", chunked + "5\r\nhelloworld\r\n", .close, .badResponse),
        Hostility("sends an unknown coding", ok + "Transfer-Encoding: rot13\r\n\r\nuryyb", .close, .badResponse),
    ]

    private static let endless: [Hostility] = [
        Hostility(
            "sends 2 000 interim heads",
            String(repeating: "HTTP/1.1 103 Early Hints\r\n\r\n", count: 2000),
            .close,
            .tooManyInterimResponses
        ),
        Hostility(
            "sends a header line of 5 MB",
            ok + "X: " + String(repeating: "x", count: 5_000_000),
            .close,
            .headersTooLarge
        ),
        Hostility(
            "sends 5 MB of header lines",
            ok + String(repeating: filler, count: 50_000),
            .close,
            .headersTooLarge
        ),
        Hostility(
            "sends 5 MB of trailers",
            chunked + "1\r\nx\r\n0\r\n" + String(repeating: filler, count: 50_000),
            .close,
            .headersTooLarge
        ),
    ]

    private static let harmless: [Hostility] = [
        Hostility("sends more than declared", ok + "Content-Length: 5\r\n\r\nhello and more", .close, nil),
        Hostility(
            "sends two answers",
            ok + "Content-Length: 2\r\n\r\nokHTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
            .close,
            nil
        ),
        Hostility("declares no end and closes", ok + "\r\nuntil the end", .close, nil),
        Hostility("folds a header line", ok + "X: a\r\n b\r\nContent-Length: 2\r\n\r\nok", .close, nil),
        Hostility("says the same length twice", ok + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nok", .close, nil),
    ]
}
