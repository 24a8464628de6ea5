import CLibcurl
import NIOCore

/// One libcurl handle and the transfer that it runs, if any.
///
/// Confined to where the reactor runs. Slots are used again: between two requests of one shape only what differs is
/// set. libcurl's callbacks find the slot by a plain pointer, so it lives until its handle is gone.
@safe final class TransferSlot {
    let index: Int
    let easy: EasyHandle
    let turn: ReactorTurn
    var options = SlotOptions()
    var headers = HeaderList()
    /// The URL that the handle is set to, where libcurl could take it apart.
    var url: URLHandle?

    /// The transfer that this slot runs; nil = free, or ended and waiting for its last events to be delivered.
    var transfer: Transfer?

    /// Whether libcurl holds the handle.
    var isAdded = false
    var machine: TransferStateMachine
    var body = RequestBody()

    /// Times that libcurl got ready to send the request: more than one means that it found a kept connection dead.
    var dispatches = 0
    /// When libcurl first did so.
    private var firstDispatch: MonotonicTime?
    var mayRepeat = false
    /// See ``ReactorConfiguration/crossingTime``.
    private let crossingTime: Duration

    /// Kept while the handle refers to them.
    var knownAddresses: KnownAddresses?

    /// The socket that libcurl last waited for on behalf of the transfer.
    var socket: CInt?

    // What the receiver gets at the end of the turn.
    var receiver: (any TransferReceiver)?
    var id = TransferID(0)
    var head: TransferHead?
    var arrived: ByteBuffer?
    var end: TransferEvent?

    /// Whether the slot is in the turn's list.
    var isChanged = false
    var deadlineMoved = false

    /// libcurl's words on the last failure, zero-terminated.
    private let errorText: UnsafeMutableBufferPointer<CChar>

    init(index: Int, turn: ReactorTurn, crossingTime: Duration) throws(CurlError) {
        self.index = index
        self.turn = turn
        self.crossingTime = crossingTime
        self.easy = try EasyHandle()
        self.machine = TransferStateMachine(
            timeouts: TransferTimeouts(),
            maximumHeaderBytes: 0,
            windowBytes: 0,
            at: turn.now
        )
        unsafe self.errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe self.errorText.initialize(repeating: 0)
    }

    deinit {
        unsafe self.errorText.deallocate()
    }

    /// What libcurl's callbacks are given to find this object.
    var context: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }

    @unsafe static func find(_ context: UnsafeMutableRawPointer?) -> TransferSlot? {
        guard let context = unsafe context else { return nil }
        return unsafe Unmanaged<TransferSlot>.fromOpaque(context).takeUnretainedValue()
    }

    /// The slot of one of libcurl's own handles; nil for those that libcurl has for itself.
    @unsafe static func find(handle: UnsafeMutableRawPointer?) -> TransferSlot? {
        guard let handle = unsafe handle else { return nil }
        var context: UnsafeMutableRawPointer?
        _ = unsafe gateway_easy_get_pointer(handle, CURLINFO_PRIVATE, &context)
        return unsafe TransferSlot.find(context)
    }

    @unsafe var errorBuffer: UnsafeRawPointer? { unsafe UnsafeRawPointer(self.errorText.baseAddress) }

    /// Whether libcurl's last words say that the chunked coding was broken: its code alone tells it from no reset.
    var chunkingWasBroken: Bool {
        guard let text = unsafe self.errorText.baseAddress else { return false }
        return unsafe String(cString: text).contains("chunked-encoding")
    }

    func markChanged() {
        guard !self.isChanged else { return }
        self.isChanged = true
        self.turn.changed.append(self)
    }

    /// Takes up a transfer.
    func begin(_ transfer: Transfer, _ request: TransferRequest, _ receiver: any TransferReceiver) {
        self.transfer = transfer
        self.receiver = receiver
        self.id = transfer.id
        self.dispatches = 0
        self.firstDispatch = nil
        self.socket = nil
        unsafe self.errorText[0] = 0
        self.machine = TransferStateMachine(
            timeouts: request.timeouts,
            maximumHeaderBytes: request.maximumHeaderBytes,
            windowBytes: request.windowBytes,
            at: self.turn.now
        )
    }

    /// What libcurl's code for the end means here.
    func outcome(_ code: CURLcode) -> TransferOutcome {
        guard code != CURLE_OK else { return .completed }
        return TransferOutcome(
            code,
            TransferOutcome.Evidence(
                wasDispatched: self.dispatches > 0,
                chunkingWasBroken: self.chunkingWasBroken
            )
        )
    }

    /// Whether other transfers could have the same connection at the same time.
    var isMultiplexed: Bool { self.easy.number(CURLINFO_HTTP_VERSION) >= Int(CURL_HTTP_VERSION_2_0) }

    /// How the transfer went until now; to be asked while libcurl still holds the handle.
    var timings: TransferTimings {
        TransferTimings(
            firstByte: self.machine.firstByte,
            total: self.machine.elapsed(at: self.turn.now),
            requestMayHaveBeenSent: self.dispatches > 0 && self.easy.number(CURLINFO_REQUEST_SIZE) > 0,
            connectionReused: self.dispatches > 0 && self.easy.number(CURLINFO_NUM_CONNECTS) == 0,
            dispatches: self.dispatches
        )
    }

    // MARK: - What libcurl tells

    func headerLine(_ line: UnsafeRawBufferPointer) -> Bool {
        let wasAnswered = self.machine.answered != nil
        let action = unsafe self.machine.headerLine(line.bindMemory(to: UInt8.self).span, at: self.turn.now)
        switch action {
        case .proceed:
            if !wasAnswered, self.machine.answered != nil {
                self.deadlineMoved = true
                self.markChanged()
            }
            return true
        case .deliver(let head):
            self.head = head
            self.head?.dispatches = self.dispatches
            self.deadlineMoved = true
            self.markChanged()
            if self.easy.largeNumber(CURLINFO_SIZE_UPLOAD_T) >= self.body.count { self.releaseBody() }
            return true
        case .refuse:
            return false
        }
    }

    enum BodyAnswer { case taken, paused, refused }

    func bodyBytes(_ bytes: UnsafeRawBufferPointer) -> BodyAnswer {
        guard let transfer = self.transfer else { return .refused }
        switch self.machine.bodyBytes(heldBytes: transfer.heldBytes, at: self.turn.now) {
        case .accept: break
        case .pause:
            guard !transfer.beginPause() else {
                self.machine.paused()
                return .paused
            }
        case .refuse: return .refused
        }
        transfer.handOver(bytes.count)
        if self.arrived == nil { self.arrived = ByteBufferAllocator().buffer(capacity: bytes.count) }
        unsafe self.arrived?.writeBytes(bytes)
        self.markChanged()
        return .taken
    }

    /// Whether the request may go out on a connection to `address`, a literal.
    ///
    /// Opening a socket is judged already; a kept one may have been opened for a request without that rule.
    @unsafe func mayUse(connectionTo address: UnsafePointer<CChar>?) -> Bool {
        guard self.options.publicOnly else { return true }
        return unsafe SocketWatcher.isPublic(literal: address)
    }

    /// libcurl is about to send the request on a connection; false to make it give up.
    ///
    /// When a kept connection turns out to be closed before any answer, libcurl silently sends the request again on
    /// another. That is right where the upstream gave the connection up just as the request went out, which shows within
    /// a round trip. Later the upstream may have begun to work, and bill: such a request is sent once, and its end is for
    /// the caller of the transport to judge.
    func beforeRequest() -> Bool {
        self.dispatches += 1
        let now = MonotonicTime.now
        guard let first = self.firstDispatch else {
            self.firstDispatch = now
            return true
        }
        guard !self.mayRepeat, self.easy.number(CURLINFO_REQUEST_SIZE) > 0 else { return true }
        return self.dispatches <= TransferSlot.maximumDispatches && now.since(first) < self.crossingTime
    }

    /// On how many connections a request is tried that may have reached somebody.
    private static let maximumDispatches = 3
}
