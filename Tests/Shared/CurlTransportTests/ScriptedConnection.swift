import Glibc
import NIOConcurrencyHelpers

/// One connection of a ``ScriptedServer``, with blocking reads and writes.
final class ScriptedConnection: Sendable {
    /// A request as it came over the wire.
    struct Request: Sendable {
        var head: String
        var body: [UInt8]

        /// The value of a header line, its name in any case.
        func value(_ name: String) -> String? {
            self.head.split(separator: "\r\n").dropFirst().first {
                $0.lowercased().hasPrefix(name.lowercased() + ":")
            }.map { $0.dropFirst(name.count + 1).trimmingPrefix(" ").description }
        }
    }

    let server: ScriptedServer
    let descriptor: CInt

    /// 1 for the first connection of the server.
    let number: Int
    private let rest = NIOLockedValueBox<[UInt8]>([])
    private let isClosed = NIOLockedValueBox(false)

    init(server: ScriptedServer, descriptor: CInt, number: Int) {
        self.server = server
        self.descriptor = descriptor
        self.number = number
        // No script waits longer than this, whatever goes wrong.
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    }

    /// The next request with its whole body; nil when the other side closed.
    func readRequest() -> Request? {
        guard let head = self.readHead() else { return nil }
        var request = Request(head: head, body: [])
        guard let length = request.value("content-length").flatMap({ Int($0) }) else { return request }
        while self.rest.withLockedValue({ $0.count }) < length {
            guard self.fill() else { return nil }
        }
        request.body = self.rest.withLockedValue { rest in
            defer { rest.removeFirst(length) }
            return Array(rest.prefix(length))
        }
        return request
    }

    /// The next request's header lines; its body stays unread.
    func readHead() -> String? {
        while true {
            let head = self.rest.withLockedValue { rest -> String? in
                guard let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
                defer { rest.removeFirst(end.upperBound) }
                return String(decoding: rest[..<end.upperBound], as: UTF8.self)
            }
            if let head { return head }
            guard self.fill() else { return nil }
        }
    }

    private func fill() -> Bool {
        guard let bytes = self.receive(), !bytes.isEmpty else { return false }
        self.rest.withLockedValue { $0.append(contentsOf: bytes) }
        return true
    }

    /// Whatever comes next: empty = closed in order, nil = reset, or nothing for 20 s.
    private func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(self.descriptor, $0.baseAddress, $0.count, 0) }
        guard count >= 0 else { return nil }
        return Array(buffer.prefix(count))
    }

    /// Waits until the other side has closed or reset, dropping what it sends; false after 20 s of silence.
    func waitForClose() -> Bool {
        while true {
            guard let bytes = self.receive() else { return errno != EAGAIN }
            if bytes.isEmpty { return true }
        }
    }

    /// Sends all of it; false when the other side is gone.
    @discardableResult
    func write(_ text: String) -> Bool {
        self.write(Array(text.utf8))
    }

    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe send(
                    self.descriptor,
                    UnsafeRawBufferPointer(rebasing: buffer[sent...]).baseAddress,
                    buffer.count - sent,
                    CInt(MSG_NOSIGNAL)
                )
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// A whole answer with a `Content-Length`.
    @discardableResult
    func answer(_ body: String, status: String = "200 OK", headers: String = "") -> Bool {
        self.write("HTTP/1.1 \(status)\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// Ends sending, and goes on receiving.
    func halfClose() {
        _ = shutdown(self.descriptor, CInt(SHUT_WR))
    }

    /// Closes with a reset instead of an orderly end.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(
            self.descriptor,
            SOL_SOCKET,
            SO_LINGER,
            &linger,
            socklen_t(MemoryLayout<linger>.size)
        )
        self.close()
    }

    func close() {
        let wasClosed = self.isClosed.withLockedValue { closed in
            defer { closed = true }
            return closed
        }
        if !wasClosed { _ = Glibc.close(self.descriptor) }
    }
}
