import CLibcurl
import Glibc
import Synchronization

/// What other threads ask of a reactor.
///
/// One lock per batch on the reactor's side, and one wake-up per batch on the senders': only the message that makes
/// the mailbox non-empty writes to the event descriptor. The reactor watches that descriptor edge-triggered and never
/// reads it.
final class ReactorMailbox: Sendable {
    enum Message: Sendable {
        case start(Transfer, TransferRequest, any TransferReceiver)
        case cancel(Transfer)
        case resume(Transfer)
    }

    private struct Contents {
        var messages: [Message] = []
        var isClosed = false
    }

    private let contents = Mutex(Contents())
    let eventDescriptor: OwnedDescriptor

    init() throws(CurlError) {
        self.eventDescriptor = try OwnedDescriptor(eventfd(0, CInt(EFD_NONBLOCK | EFD_CLOEXEC)))
    }

    /// False when the reactor takes no messages any more.
    @discardableResult
    func post(_ message: Message) -> Bool {
        enum Outcome { case closed, waiting, first }
        let outcome = self.contents.withLock { contents -> Outcome in
            guard !contents.isClosed else { return .closed }
            contents.messages.append(message)
            return contents.messages.count == 1 ? .first : .waiting
        }
        switch outcome {
        case .closed: return false
        case .waiting: return true
        case .first:
            self.wake()
            return true
        }
    }

    /// No message is taken after this; what was taken before is still there for the reactor.
    func close() {
        self.contents.withLock { $0.isClosed = true }
        self.wake()
    }

    /// Exchanges the waiting messages for `empty`, whose storage is used again; the flag says whether any can follow.
    func take(into empty: inout [Message]) -> Bool {
        self.contents.withLock { contents in
            swap(&contents.messages, &empty)
            return !contents.isClosed
        }
    }

    private func wake() {
        // It fails only when the counter is about to overflow, and then the reader is awake anyway.
        _ = eventfd_write(self.eventDescriptor.number, 1)
    }
}
