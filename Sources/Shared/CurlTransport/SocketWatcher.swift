import Addresses
import CLibcurl
import Glibc

/// The sockets that libcurl waits for, and the epoll descriptor that tells when one is ready.
///
/// Confined to where the reactor runs. A socket of ours stays registered while its connection rests in the cache: a
/// request on a kept connection then costs no system call here. That is sound because libcurl opens and closes these
/// sockets through this object; others (its resolver's) are registered and taken out exactly as it asks.
///
/// There is one exception, so a socket is looked at before it is registered: libcurl 7.88 closes one that is still
/// connecting (its time is up, its caller left, another address was faster) without a word, and another thread can have
/// another file under its number at once. That file, a caller's connection perhaps, must not be taken for the socket.
@safe final class SocketWatcher {
    private struct Entry {
        /// Events that epoll watches; 0 = not registered.
        var registered: UInt32 = 0
        /// Events that libcurl waits for.
        var wanted: UInt32 = 0
        /// Opened through this object, and by this the kernel's number of the socket; nil for others.
        var inode: UInt64?
        /// The slot whose transfer has the connection; nil = it rests, or has only been opened.
        var user: Int?
    }

    /// One socket that is ready.
    struct Readiness {
        var socket: CInt
        /// In libcurl's words (`CURL_CSELECT_…`).
        var mask: CInt
    }

    /// Events taken from the kernel at once.
    private static let batch = 256

    private let epoll: OwnedDescriptor
    private let bell: DescriptorBell?
    private var entries: [Entry] = []
    private var events = unsafe [epoll_event](repeating: epoll_event(), count: SocketWatcher.batch)

    /// Slots whose transfers libcurl 7.88 took to a name's next address, at which it does not look by itself (curl#11920).
    private var forsaken: [Int] = []
    /// Whether the last wait may have left some that are ready.
    private(set) var mayHaveMore = false

    /// Watches `bell` too, edge-triggered, so that nobody has to read it.
    init(bell: DescriptorBell?) throws(CurlError) {
        self.epoll = try OwnedDescriptor(epoll_create1(CInt(EPOLL_CLOEXEC)))
        self.bell = bell
        guard let bell else { return }
        var event = unsafe epoll_event(
            events: EPOLLIN.rawValue | EPOLLET.rawValue,
            data: epoll_data(fd: bell.descriptor.number)
        )
        guard unsafe epoll_ctl(self.epoll.number, EPOLL_CTL_ADD, bell.descriptor.number, &event) == 0 else {
            throw .system(errno: errno)
        }
    }

    /// Readable when a socket is ready.
    var descriptor: CInt { self.epoll.number }

    /// What libcurl's callbacks are given to find this object.
    var context: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }

    /// Waits until something is ready or `milliseconds` have passed (-1 = for ever), and appends ready sockets.
    ///
    /// True when the bell rang.
    ///
    /// Of very many only some are given at once; the next call has others, see ``mayHaveMore``.
    func wait(milliseconds: CInt, ready: inout [Readiness]) -> Bool {
        let capacity = unsafe CInt(self.events.count)
        let count = unsafe self.events.withUnsafeMutableBufferPointer { buffer in
            unsafe epoll_wait(self.epoll.number, buffer.baseAddress, capacity, milliseconds)
        }
        self.mayHaveMore = count == capacity
        guard count > 0 else { return false }
        let bell = self.bell?.descriptor.number ?? -1
        var hasRung = false
        for index in 0..<Int(count) {
            let socket = unsafe self.events[index].data.fd
            let happened = unsafe self.events[index].events
            guard socket != bell else {
                hasRung = true
                continue
            }
            if self.wants(socket) {
                ready.append(Readiness(socket: socket, mask: Self.mask(of: happened)))
            } else {
                if self.rests(socket) { self.spoil(socket) }
                // Or the other side sends to a paused transfer, which takes it up again when it goes on.
                self.watch(socket, for: 0)
            }
        }
        return hasRung
    }

    /// Gives the slots whose sockets were given up since the last call.
    func takeForsaken() -> [Int] {
        guard !self.forsaken.isEmpty else { return [] }
        defer { self.forsaken = [] }
        return self.forsaken
    }

    private func wants(_ socket: CInt) -> Bool {
        let index = Int(socket)
        return self.entries.indices.contains(index) && self.entries[index].wanted != 0
    }

    // MARK: - Connections at rest

    /// The slot's transfer has ended: its connection, if libcurl keeps it, rests.
    ///
    /// `isShared`: other transfers can have it at the same time, and the other side may send at any (HTTP/2).
    func release(_ slot: TransferSlot, isShared: Bool) {
        guard let socket = slot.socket else { return }
        slot.socket = nil
        let index = Int(socket)
        // Closed since, given to the next transfer, or to another file altogether.
        guard self.entries.indices.contains(index), self.entries[index].user == slot.index, !isShared else { return }
        self.entries[index].user = nil
        self.forgetIfClosed(socket)
        if self.rests(socket) { self.watch(socket, for: EPOLLIN.rawValue) }
    }

    /// Clears the entry of a socket of ours that is not registered, where its number stands for it no more.
    private func forgetIfClosed(_ socket: CInt) {
        let entry = self.entries[Int(socket)]
        guard entry.registered == 0, let inode = entry.inode, Self.inode(of: socket) != inode else { return }
        self.entries[Int(socket)] = Entry()
    }

    private static func inode(of socket: CInt) -> UInt64? {
        var status = stat()
        return unsafe fstat(socket, &status) == 0 ? UInt64(status.st_ino) : nil
    }

    private func rests(_ socket: CInt) -> Bool {
        let index = Int(socket)
        guard self.entries.indices.contains(index) else { return false }
        let entry = self.entries[index]
        return entry.inode != nil && entry.user == nil && entry.wanted == 0
    }

    /// Ends a connection on which the other side sent something while nothing was asked of it, or which it closed.
    ///
    /// What comes then is nobody's answer, and would be taken for that to the next request (RFC 9112 §9.2). libcurl
    /// before 8.1 uses such a connection again unless it finds it closed.
    private func spoil(_ socket: CInt) {
        let flags = CInt(MSG_DONTWAIT) | CInt(MSG_TRUNC)
        // TCP throws away what is cut off (tcp(7)). Whoever sends faster is told by the close below.
        for _ in 0..<16 where recv(socket, nil, 1 << 20, flags) <= 0 { break }
        _ = shutdown(socket, CInt(SHUT_RDWR))
    }

    private static func mask(of events: UInt32) -> CInt {
        var mask: CInt = 0
        if events & (EPOLLIN.rawValue | EPOLLHUP.rawValue | EPOLLRDHUP.rawValue) != 0 { mask |= CURL_CSELECT_IN }
        if events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
        if events & EPOLLERR.rawValue != 0 { mask |= CURL_CSELECT_ERR }
        return mask
    }

    // MARK: - What libcurl asks for

    static let socketChanged: curl_socket_callback = { easy, socket, what, context, _ in
        guard let context = unsafe context else { return 0 }
        let watcher = unsafe Unmanaged<SocketWatcher>.fromOpaque(context).takeUnretainedValue()
        unsafe watcher.changed(
            socket,
            what: what,
            for: what == CURL_POLL_REMOVE ? nil : TransferSlot.find(handle: easy)
        )
        return 0
    }

    static let openSocket: curl_opensocket_callback = { context, _, address in
        guard let context = unsafe context, let address = unsafe address else { return CURL_SOCKET_BAD }
        let (family, type) = unsafe (address.pointee.family, address.pointee.socktype)
        let watcher = unsafe Unmanaged<SocketWatcher>.fromOpaque(context).takeUnretainedValue()
        return unsafe watcher.open(family, type, address.pointee.protocol)
    }

    /// The same for addresses only that the whole internet can reach: the others fail as if nobody were there.
    static let openPublicSocket: curl_opensocket_callback = { context, purpose, address in
        guard let address = unsafe address, unsafe SocketWatcher.isPublic(address) else { return CURL_SOCKET_BAD }
        return unsafe SocketWatcher.openSocket(context, purpose, address)
    }

    @unsafe private static func isPublic(_ address: UnsafePointer<curl_sockaddr>) -> Bool {
        // The member `addr` is the beginning of as many bytes as `addrlen` says.
        guard let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return false }
        let start = unsafe UnsafeRawPointer(address) + offset
        let length = unsafe Int(address.pointee.addrlen)
        switch unsafe address.pointee.family {
        case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
            let value = unsafe start.loadUnaligned(as: sockaddr_in.self).sin_addr
            return unsafe withUnsafeBytes(of: value) { unsafe NetworkAddress(bytes: Array($0)).isPublic }
        case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
            let value = unsafe start.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            return unsafe withUnsafeBytes(of: value) { unsafe NetworkAddress(bytes: Array($0)).isPublic }
        default: return false
        }
    }

    /// The same for an address in the kernel's words; false for anything else.
    @unsafe static func isPublic(literal: UnsafePointer<CChar>?) -> Bool {
        guard let literal = unsafe literal else { return false }
        var short = in_addr()
        if unsafe inet_pton(AF_INET, literal, &short) == 1 {
            return unsafe withUnsafeBytes(of: short) { unsafe NetworkAddress(bytes: Array($0)).isPublic }
        }
        var long = in6_addr()
        guard unsafe inet_pton(AF_INET6, literal, &long) == 1 else { return false }
        return unsafe withUnsafeBytes(of: long) { unsafe NetworkAddress(bytes: Array($0)).isPublic }
    }

    static let closeSocket: curl_closesocket_callback = { context, socket in
        if let context = unsafe context {
            unsafe Unmanaged<SocketWatcher>.fromOpaque(context).takeUnretainedValue().closing(socket)
        }
        return close(socket)
    }

    /// What libcurl waits for at a socket, and for whose transfer.
    func changed(_ socket: CInt, what: CInt, for slot: TransferSlot?) {
        guard socket >= 0 else { return }
        self.makeRoom(for: socket)
        let index = Int(socket)
        let wanted: UInt32 =
            switch what {
            case CURL_POLL_IN: EPOLLIN.rawValue
            case CURL_POLL_OUT: EPOLLOUT.rawValue
            case CURL_POLL_INOUT: EPOLLIN.rawValue | EPOLLOUT.rawValue
            default: 0
            }
        if wanted != 0 { self.forgetIfClosed(socket) }
        // Who waits to be connected waits to write; so may one that has, which is told apart by what it sent.
        if what == CURL_POLL_REMOVE, self.entries[index].inode != nil,
            self.entries[index].registered == EPOLLOUT.rawValue, let user = self.entries[index].user
        {
            self.forsaken.append(user)
        }
        self.entries[index].wanted = wanted
        if wanted == 0, self.entries[index].inode != nil, self.entries[index].registered == EPOLLIN.rawValue { return }
        self.watch(socket, for: wanted)
        guard what != CURL_POLL_REMOVE, let slot else { return }
        slot.socket = socket
        self.entries[index].user = slot.index
    }

    /// Opens a socket for libcurl; negative when the kernel has none.
    func open(_ family: CInt, _ type: CInt, _ number: CInt) -> CInt {
        let socket = Glibc.socket(family, type | CInt(SOCK_CLOEXEC.rawValue), number)
        if socket >= 0 { self.opened(socket) }
        return socket
    }

    /// Takes up a socket that was opened for libcurl.
    ///
    /// Where its number was that of one closed without a word, libcurl may not have noticed, and take what it waited for
    /// there for what it waits for here: nobody will ask again.
    func opened(_ socket: CInt) {
        self.makeRoom(for: socket)
        let before = self.entries[Int(socket)]
        self.entries[Int(socket)] = Entry(inode: Self.inode(of: socket))
        guard before.wanted != 0 else { return }
        self.entries[Int(socket)].wanted = before.wanted
        self.entries[Int(socket)].user = before.user
        self.watch(socket, for: before.wanted)
    }

    /// Closing takes a socket out of epoll; its number may be given out again at once.
    private func closing(_ socket: CInt) {
        guard self.entries.indices.contains(Int(socket)) else { return }
        self.entries[Int(socket)] = Entry()
    }

    private func makeRoom(for socket: CInt) {
        while self.entries.count <= Int(socket) { self.entries.append(Entry()) }
    }

    private func watch(_ socket: CInt, for wanted: UInt32) {
        let index = Int(socket)
        guard self.entries.indices.contains(index) else { return }
        let registered = self.entries[index].registered
        guard registered != wanted else { return }
        var event = unsafe epoll_event(events: wanted, data: epoll_data(fd: socket))
        let operation = wanted == 0 ? EPOLL_CTL_DEL : registered == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
        var isDone = unsafe epoll_ctl(self.epoll.number, operation, socket, &event) == 0
        // Another file has the number now.
        if !isDone, operation == EPOLL_CTL_MOD, errno == ENOENT {
            isDone = unsafe epoll_ctl(self.epoll.number, EPOLL_CTL_ADD, socket, &event) == 0
        }
        // Else it is closed already, or memory is out: the transfer's limits then end it, unless libcurl asks again.
        self.entries[index].registered = isDone ? wanted : 0
    }
}
