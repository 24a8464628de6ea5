import CLibpq
import Glibc
import Identity

/// The owner of one libpq connection.
///
/// libpq is driven in its non-blocking form with `poll` and a deadline, because its blocking calls wait for ever
/// on a server that is stopped but not gone. Used by one thread at a time.
@safe
struct ConnectionHandle: ~Copyable {
    private let raw: OpaquePointer

    /// Connects and sets up the session; blocks up to 3 s for every host that does not answer.
    init(_ configuration: PostgresConfiguration) throws(ConnectFailure) {
        // What stands before the URL is a default that the URL may override.
        let defaults: [(String, String)] = [
            ("target_session_attrs", "read-write"),
            ("connect_timeout", "3"),
            ("tcp_user_timeout", "4000"),
            ("keepalives", "1"),
            ("keepalives_idle", "5"),
            ("keepalives_interval", "2"),
            ("keepalives_count", "3"),
            ("fallback_application_name", configuration.applicationName),
        ]
        let parameters = configuration.url.withExposedText { defaults + [("dbname", $0), ("client_encoding", "UTF8")] }
        let connected = unsafe ConnectionHandle.connect(parameters)
        guard let raw = unsafe connected else { throw ConnectFailure(message: "out of memory") }
        guard unsafe PQstatus(raw) == CONNECTION_OK, unsafe PQsetnonblocking(raw, 1) == 0 else {
            let message = unsafe String(cString: PQerrorMessage(raw))
            unsafe PQfinish(raw)
            throw ConnectFailure(message: message.split(whereSeparator: \.isNewline).joined(separator: " "))
        }
        // Notices would go to standard error.
        unsafe PQsetNoticeReceiver(raw, { _, _ in }, nil)
        unsafe self.raw = raw
    }

    deinit { unsafe PQfinish(self.raw) }

    /// Whether libpq can read `url` as a connection URL or string.
    static func canParse(_ url: Secret) -> Bool {
        url.withExposedText { text in
            guard let options = unsafe PQconninfoParse(text, nil) else { return false }
            unsafe PQconninfoFree(options)
            return true
        }
    }

    /// Whether an idle connection is still open, found out without asking the server.
    ///
    /// A server that ends a session says so and closes its side, and either makes the socket readable. The other
    /// things a server says unasked are rare and harmless to lose with the connection: a changed setting.
    func isOpen() -> Bool {
        guard unsafe PQstatus(self.raw) == CONNECTION_OK else { return false }
        return !self.wait(for: Int16(POLLIN), milliseconds: 0)
    }

    /// Runs one statement with its values.
    func execute(
        _ sql: String,
        _ values: [PostgresValue],
        until deadline: ContinuousClock.Instant
    ) throws(PostgresError) -> StatementResult {
        // One block of memory for all values; texts end with a NUL, as libpq expects of them.
        var block: [UInt8] = []
        var offsets: [Int?] = []
        var lengths: [Int32] = []
        var formats: [Int32] = []
        for value in values {
            let encoded = value.encoded
            guard let length = Int32(exactly: encoded?.count ?? 0) else { throw .invalidValue(sqlstate: "54000") }
            if !value.isBinary, let encoded, encoded.contains(0) {
                // The server's own answer to a NUL in a text; libpq would cut the text off there.
                throw .invalidValue(sqlstate: "22021")
            }
            offsets.append(encoded == nil ? nil : block.count)
            block.append(contentsOf: encoded ?? [])
            block.append(0)
            lengths.append(length)
            formats.append(value.isBinary ? 1 : 0)
        }
        let sent = unsafe block.withUnsafeBytes { bytes in
            let base = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            let pointers = unsafe offsets.map { offset in unsafe offset.flatMap { unsafe base?.advanced(by: $0) } }
            return unsafe PQsendQueryParams(
                self.raw,
                sql,
                Int32(values.count),
                nil,
                pointers,
                lengths,
                formats,
                0
            )
        }
        guard sent == 1 else { throw .unavailable(.connectionLost) }
        return try self.collect(until: deadline)
    }

    /// Runs the statements of a script.
    func execute(_ script: Script, until deadline: ContinuousClock.Instant) throws(PostgresError) -> StatementResult {
        guard unsafe PQsendQuery(self.raw, script.sql) == 1 else { throw .unavailable(.connectionLost) }
        return try self.collect(until: deadline)
    }

    /// The notifications that have come, after waiting up to `milliseconds` for the first.
    func notifications(waiting milliseconds: Int32) throws(PostgresError) -> [String] {
        var payloads = self.takeNotifications()
        guard payloads.isEmpty, self.wait(for: Int16(POLLIN), milliseconds: milliseconds) else { return payloads }
        guard unsafe PQconsumeInput(self.raw) == 1, unsafe PQstatus(self.raw) == CONNECTION_OK else {
            throw .unavailable(.connectionLost)
        }
        payloads = self.takeNotifications()
        return payloads
    }

    private func takeNotifications() -> [String] {
        var payloads: [String] = []
        while let notification = unsafe PQnotifies(self.raw) {
            unsafe payloads.append(String(cString: notification.pointee.extra))
            unsafe PQfreemem(notification)
        }
        return payloads
    }

    private func collect(until deadline: ContinuousClock.Instant) throws(PostgresError) -> StatementResult {
        try self.flush(until: deadline)
        var result = StatementResult()
        var failure: PostgresError?
        while true {
            while unsafe PQisBusy(self.raw) == 1 {
                guard self.wait(for: Int16(POLLIN), until: deadline) else { throw .unavailable(.noAnswer) }
                guard unsafe PQconsumeInput(self.raw) == 1 else { throw .unavailable(.connectionLost) }
            }
            guard let next = unsafe PQgetResult(self.raw) else { break }
            let handle = unsafe ResultHandle(next)
            switch handle.kind {
            case .done: result = handle.decode()
            case .failed(let error): failure = failure ?? error
            case .unexpected: throw .unavailable(.connectionLost)
            }
            // A broken connection keeps returning results that say so.
            if unsafe PQstatus(self.raw) != CONNECTION_OK { throw failure ?? .unavailable(.connectionLost) }
        }
        if let failure { throw failure }
        return result
    }

    private func flush(until deadline: ContinuousClock.Instant) throws(PostgresError) {
        while true {
            switch unsafe PQflush(self.raw) {
            case 0: return
            case 1:
                // The server may be sending meanwhile and wait for us to read.
                guard self.wait(for: Int16(POLLIN | POLLOUT), until: deadline) else { throw .unavailable(.noAnswer) }
                guard unsafe PQconsumeInput(self.raw) == 1 else { throw .unavailable(.connectionLost) }
            default: throw .unavailable(.connectionLost)
            }
        }
    }

    private func wait(for events: Int16, until deadline: ContinuousClock.Instant) -> Bool {
        let left = ContinuousClock.now.duration(to: deadline).components
        guard left.seconds >= 0, left.attoseconds >= 0 else { return false }
        let milliseconds = min(left.seconds, 3600) * 1000 + left.attoseconds / 1_000_000_000_000_000
        return self.wait(for: events, milliseconds: Int32(truncatingIfNeeded: milliseconds) + 1)
    }

    /// Whether the socket became ready; a broken one counts as ready, and the next libpq call says so.
    private func wait(for events: Int16, milliseconds: Int32) -> Bool {
        var descriptor = unsafe pollfd(fd: PQsocket(self.raw), events: events, revents: 0)
        while true {
            let ready = unsafe poll(&descriptor, 1, milliseconds)
            if ready >= 0 { return ready > 0 }
            // A signal only restarts the wait: the few that come cannot prolong it much.
            if errno != EINTR { return true }
        }
    }

    private static func connect(_ parameters: [(String, String)]) -> OpaquePointer? {
        var keywords: [UnsafePointer<CChar>?] = unsafe []
        var values: [UnsafePointer<CChar>?] = unsafe []
        var owned: [UnsafeMutablePointer<CChar>?] = unsafe []
        for (keyword, value) in parameters {
            let copies = unsafe [strdup(keyword), strdup(value)]
            unsafe owned.append(contentsOf: copies)
            unsafe keywords.append(UnsafePointer(copies[0]))
            unsafe values.append(UnsafePointer(copies[1]))
        }
        unsafe keywords.append(nil)
        unsafe values.append(nil)
        let connection = unsafe PQconnectdbParams(keywords, values, 1)
        unsafe owned.forEach { unsafe free($0) }
        return unsafe connection
    }
}
