import NIOConcurrencyHelpers
import NIOCore

/// Gathers the one answer that a ``CurlReactor/fetch(_:maximumBodyBytes:)`` waits for.
final class TransferCollector: TransferReceiver {
    typealias Answer = Result<TransferResponse, FetchFailure>

    private struct State {
        var head: TransferHead?
        var body = ByteBuffer()
        var isTooLarge = false
        var transfer: Transfer?
        var isCancelled = false
        var answer: Answer?
        var waiter: CheckedContinuation<Answer, Never>?
    }

    private let state = NIOLockedValueBox(State())
    private let maximumBodyBytes: Int

    init(maximumBodyBytes: Int) {
        self.maximumBodyBytes = maximumBodyBytes
    }

    func receive(_ batch: [TransferDelivery]) {
        for delivery in batch { self.receive(delivery.event) }
    }

    private func receive(_ event: TransferEvent) {
        switch event {
        case .head(let head): self.state.withLockedValue { $0.head = head }
        case .body(var bytes):
            let count = bytes.readableBytes
            let transfer = self.state.withLockedValue { state -> Transfer? in
                if count > self.maximumBodyBytes - state.body.readableBytes { state.isTooLarge = true }
                if !state.isTooLarge { state.body.writeBuffer(&bytes) }
                return state.transfer
            }
            let isTooLarge = self.state.withLockedValue { $0.isTooLarge }
            if isTooLarge { transfer?.cancel() } else { transfer?.consumed(count) }
        case .finished: self.end(with: nil, wasSent: true)
        case .failed(let failure, let timings): self.end(with: failure, wasSent: timings.requestMayHaveBeenSent)
        }
    }

    private func end(with failure: TransferFailure?, wasSent: Bool) {
        let waiter = self.state.withLockedValue { state -> (CheckedContinuation<Answer, Never>, Answer)? in
            let progress: FetchFailure.Progress =
                if let head = state.head { .answering(status: head.status) } else { wasSent ? .sent : .notSent }
            let answer: Answer =
                if state.isTooLarge {
                    .failure(FetchFailure(.bodyTooLarge, progress))
                } else if let failure {
                    .failure(FetchFailure(failure, progress))
                } else if let head = state.head {
                    .success(TransferResponse(head: head, body: state.body))
                } else {
                    .failure(FetchFailure(.badResponse, progress))
                }
            state.answer = answer
            return state.waiter.take().map { ($0, answer) }
        }
        if let (waiter, answer) = waiter { waiter.resume(returning: answer) }
    }

    /// Learns which transfer it gathers; events may have come before.
    func begin(_ transfer: Transfer) {
        let (mustCancel, held) = self.state.withLockedValue { state -> (Bool, Int) in
            state.transfer = transfer
            return (state.isCancelled || state.isTooLarge, state.body.readableBytes)
        }
        if mustCancel { transfer.cancel() } else { transfer.consumed(held) }
    }

    func cancel() {
        let transfer = self.state.withLockedValue { state -> Transfer? in
            state.isCancelled = true
            return state.transfer
        }
        transfer?.cancel()
    }

    /// Waits for the end; to be called once.
    var answer: Answer {
        get async {
            await withCheckedContinuation { continuation in
                let answer = self.state.withLockedValue { state -> Answer? in
                    if state.answer == nil { state.waiter = continuation }
                    return state.answer
                }
                if let answer { continuation.resume(returning: answer) }
            }
        }
    }
}
