import CurlTransport
import NIOConcurrencyHelpers
import NIOCore

/// Keeps what a transfer's events say, and lets a test wait for any of it.
final class Recorder: TransferReceiver {
    struct Account: Sendable {
        var head: TransferHead?
        var body = ByteBuffer()
        var bodyEvents = 0
        var failure: TransferFailure?
        var timings: TransferTimings?
        var terminalEvents = 0
        /// Events out of order: a body before its head, anything after the end.
        var disorder = 0

        var text: String { String(buffer: self.body) }
        var hasEnded: Bool { self.terminalEvents > 0 }
    }

    private struct State {
        var account = Account()
        var transfer: Transfer?
        var held = 0
        var waiters: [(@Sendable (Account) -> Bool, CheckedContinuation<Account, Never>)] = []
    }

    private let state = NIOLockedValueBox(State())
    private let consumes: Bool

    /// One that does not consume leaves the upstream to fill the window.
    init(consumes: Bool = true) {
        self.consumes = consumes
    }

    func receive(_ batch: [TransferDelivery]) {
        for delivery in batch { self.receive(delivery.event) }
    }

    private func receive(_ event: TransferEvent) {
        let (transfer, count, ready) = self.state.withLockedValue { state in
            var count = 0
            if state.account.hasEnded { state.account.disorder += 1 }
            switch event {
            case .head(let head):
                if state.account.head != nil { state.account.disorder += 1 }
                state.account.head = head
            case .body(var bytes):
                if state.account.head == nil { state.account.disorder += 1 }
                count = bytes.readableBytes
                state.held += count
                state.account.bodyEvents += 1
                state.account.body.writeBuffer(&bytes)
            case .finished(let timings):
                state.account.terminalEvents += 1
                state.account.timings = timings
            case .failed(let failure, let timings):
                state.account.terminalEvents += 1
                state.account.failure = failure
                state.account.timings = timings
            }
            let account = state.account
            let ready = state.waiters.filter { $0.0(account) }
            state.waiters.removeAll { $0.0(account) }
            if self.consumes, state.transfer != nil { state.held -= count }
            return (state.transfer, count, ready.map { ($0.1, account) })
        }
        if self.consumes, count > 0 { transfer?.consumed(count) }
        for (waiter, account) in ready { waiter.resume(returning: account) }
    }

    /// Starts the request with this as its receiver.
    @discardableResult
    func start(_ request: TransferRequest, on reactor: CurlReactor) -> Transfer {
        let transfer = reactor.start(request, receiver: self)
        self.state.withLockedValue { $0.transfer = transfer }
        if self.consumes { self.consumeAll() }
        return transfer
    }

    /// Reports everything received so far as consumed.
    func consumeAll() {
        let (transfer, count) = self.state.withLockedValue { state in
            defer { state.held = 0 }
            return (state.transfer, state.held)
        }
        transfer?.consumed(count)
    }

    var account: Account { self.state.withLockedValue { $0.account } }

    /// Waits until what was received satisfies `condition`.
    func wait(until condition: @escaping @Sendable (Account) -> Bool) async -> Account {
        await withCheckedContinuation { continuation in
            let account = self.state.withLockedValue { state -> Account? in
                if condition(state.account) { return state.account }
                state.waiters.append((condition, continuation))
                return nil
            }
            if let account { continuation.resume(returning: account) }
        }
    }

    func end() async -> Account {
        await self.wait { $0.hasEnded }
    }
}

extension CurlReactor {
    /// Runs one request to its end.
    func run(_ request: TransferRequest) async -> Recorder.Account {
        let recorder = Recorder()
        recorder.start(request, on: self)
        return await recorder.end()
    }
}
