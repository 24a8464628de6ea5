import CLibcurl
import Glibc
import Testing

@testable import CurlTransport

/// Numbers of sockets are given out again at once, and to anybody: what libcurl closed without a word must not be
/// taken for a connection of ours.
@Suite struct SocketWatcherTests {
    /// Another's connection: one end under a number of our choice, the other to send from.
    private final class Foreign {
        let number: CInt
        let other: CInt

        /// Takes the place of whatever has the number, as if that had been closed and the number given out again.
        init(under number: CInt) throws {
            var pair: [CInt] = [-1, -1]
            try #require(unsafe socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &pair) == 0)
            try #require(dup2(pair[0], number) == number)
            _ = close(pair[0])
            self.number = number
            self.other = pair[1]
        }

        deinit {
            _ = close(self.number)
            _ = close(self.other)
        }

        func send(_ text: String) { _ = unsafe write(self.other, text, text.utf8.count) }

        /// What has come and was not taken by somebody else; empty at the end, and where nothing has come.
        func received() -> String {
            var bytes = [UInt8](repeating: 0, count: 64)
            let count = unsafe recv(self.number, &bytes, bytes.count, CInt(MSG_DONTWAIT))
            return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        }

        /// Whether both directions are open.
        var isOpen: Bool {
            var byte: UInt8 = 0
            let isReadable = unsafe recv(self.number, &byte, 1, CInt(MSG_DONTWAIT) | CInt(MSG_PEEK)) != 0
            let isWritable = unsafe Glibc.send(self.number, &byte, 1, CInt(MSG_NOSIGNAL)) == 1
            return isReadable && isWritable
        }
    }

    private let watcher: SocketWatcher
    private let slot: TransferSlot

    init() throws {
        self.watcher = try SocketWatcher(bell: nil)
        self.slot = try TransferSlot(index: 3, turn: ReactorTurn(now: .now), crossingTime: .zero)
    }

    private func wait() -> [CInt] {
        var ready: [SocketWatcher.Readiness] = []
        for _ in 0..<2 { _ = self.watcher.wait(milliseconds: 0, ready: &ready) }
        return ready.map(\.socket)
    }

    @Test(arguments: [false, true])
    func `another's connection under the number of a socket that was closed without a word is left alone`(
        _ closesFirst: Bool
    ) throws {
        let socket = self.watcher.open(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        self.watcher.changed(socket, what: CURL_POLL_OUT, for: self.slot)
        // libcurl says that it waits no more before it closes the socket, or behind that.
        if !closesFirst { self.watcher.changed(socket, what: CURL_POLL_REMOVE, for: self.slot) }
        let foreign = try Foreign(under: socket)
        if closesFirst { self.watcher.changed(socket, what: CURL_POLL_REMOVE, for: self.slot) }
        self.watcher.release(self.slot, isShared: false)
        foreign.send("a request")
        #expect(self.wait() == [])
        #expect(foreign.received() == "a request")
        #expect(foreign.isOpen)
    }

    @Test func `another socket of libcurl's under such a number is watched as it asks`() throws {
        let socket = self.watcher.open(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        self.watcher.changed(socket, what: CURL_POLL_OUT, for: self.slot)
        self.watcher.changed(socket, what: CURL_POLL_REMOVE, for: self.slot)
        let foreign = try Foreign(under: socket)
        for _ in 0..<2 {
            self.watcher.changed(socket, what: CURL_POLL_IN, for: self.slot)
            foreign.send("!")
            #expect(self.wait().contains(socket))
            #expect(foreign.received() == "!")
            // Not one that is opened and closed through the watcher: it goes out of the list when it is not wanted.
            self.watcher.changed(socket, what: CURL_POLL_REMOVE, for: self.slot)
            foreign.send("?")
            #expect(self.wait() == [])
            #expect(foreign.received() == "?")
        }
        self.watcher.release(self.slot, isShared: false)
        #expect(foreign.isOpen)
    }

    @Test func `a socket that is opened under a number which libcurl waits at is watched`() throws {
        let socket = self.watcher.open(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        self.watcher.changed(socket, what: CURL_POLL_OUT, for: self.slot)
        // Closed without a word and opened anew in one run of libcurl, which goes on waiting where it waited.
        let next = try Foreign(under: socket)
        self.watcher.opened(socket)
        #expect(self.wait().contains(socket))
        self.watcher.changed(socket, what: CURL_POLL_IN, for: self.slot)
        next.send("!")
        #expect(self.wait().contains(socket))
    }

    @Test func `a number that another file has is watched for libcurl though it was never taken off`() throws {
        let socket = self.watcher.open(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        self.watcher.changed(socket, what: CURL_POLL_OUT, for: self.slot)
        let next = try Foreign(under: socket)
        self.watcher.changed(socket, what: CURL_POLL_IN, for: self.slot)
        next.send("!")
        #expect(self.wait().contains(socket))
    }

    @Test func `of very many sockets that are ready all are found`() throws {
        var pairs: [Foreign] = []
        for _ in 0..<300 {
            let socket = self.watcher.open(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
            pairs.append(try Foreign(under: socket))
            self.watcher.changed(socket, what: CURL_POLL_OUT, for: nil)
        }
        var found: Set<CInt> = []
        var ready: [SocketWatcher.Readiness] = []
        repeat {
            _ = self.watcher.wait(milliseconds: 0, ready: &ready)
            found.formUnion(ready.map(\.socket))
        } while self.watcher.mayHaveMore && ready.count < 3_000
        #expect(found == Set(pairs.map(\.number)))
    }

    @Test func `a connection of ours that rests is ended by what comes on it`() throws {
        let listener = try RestingPair(self.watcher)
        self.watcher.changed(listener.socket, what: CURL_POLL_IN, for: self.slot)
        self.watcher.changed(listener.socket, what: CURL_POLL_REMOVE, for: self.slot)
        self.watcher.release(self.slot, isShared: false)
        #expect(self.wait() == [])
        _ = unsafe write(listener.other, "late", 4)
        #expect(self.wait() == [])
        var byte: UInt8 = 0
        #expect(unsafe recv(listener.socket, &byte, 1, CInt(MSG_DONTWAIT)) == 0)
    }

    /// A socket opened through a watcher and connected over loopback.
    private final class RestingPair {
        let socket: CInt
        let other: CInt

        init(_ watcher: SocketWatcher) throws {
            let listener = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr = in_addr(s_addr: UInt32(0x7f00_0001).bigEndian)
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let opened = watcher.open(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
            let isConnected = unsafe withUnsafeMutablePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                    unsafe bind(listener, raw, length) == 0 && listen(listener, 1) == 0
                        && getsockname(listener, raw, &length) == 0 && connect(opened, raw, length) == 0
                }
            }
            try #require(isConnected)
            self.socket = opened
            self.other = accept(listener, nil, nil)
            _ = close(listener)
        }

        deinit {
            _ = close(self.socket)
            _ = close(self.other)
        }
    }
}
