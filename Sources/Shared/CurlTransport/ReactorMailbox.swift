import NIOConcurrencyHelpers

/// What other threads ask of a reactor.
///
/// One lock per batch on the reactor's side, and one wake-up per batch on the senders': only the message that makes
/// the mailbox non-empty rings.
///
/// The lock is a POSIX one because the thread sanitizer follows it; the standard library's `Mutex` it does not once
/// two threads contend, and reports races that are none.
final class ReactorMailbox: Sendable {
    enum Message: Sendable {
        case start(Transfer, TransferRequest, any TransferReceiver)
        case cancel(Transfer)
        case resume(Transfer)

        var isStart: Bool { if case .start = self { true } else { false } }
    }

    private struct Contents {
        var messages: [Message] = []
        var isClosed = false
    }

    private let contents = NIOLockedValueBox(Contents())
    private let bell: any ReactorBell

    init(bell: any ReactorBell) {
        self.bell = bell
    }

    /// Whether there is nothing to take, and the mailbox is open.
    var isQuiet: Bool { self.contents.withLockedValue { $0.messages.isEmpty && !$0.isClosed } }

    /// False when the reactor takes no messages any more.
    @discardableResult
    func post(_ message: Message) -> Bool {
        enum Outcome { case closed, waiting, first }
        let outcome = self.contents.withLockedValue { contents -> Outcome in
            guard !contents.isClosed else { return .closed }
            contents.messages.append(message)
            return contents.messages.count == 1 ? .first : .waiting
        }
        switch outcome {
        case .closed: return false
        case .waiting: return true
        case .first:
            self.bell.ring()
            return true
        }
    }

    /// No message is taken after this; what was taken before is still there for the reactor.
    ///
    /// False when it was closed already.
    func close() -> Bool {
        let wasOpen = self.contents.withLockedValue { contents in
            defer { contents.isClosed = true }
            return !contents.isClosed
        }
        if wasOpen { self.bell.ring() }
        return wasOpen
    }

    /// Exchanges the waiting messages for `empty`, whose storage is used again; the flag says whether any can follow.
    func take(into empty: inout [Message]) -> Bool {
        self.contents.withLockedValue { contents in
            swap(&contents.messages, &empty)
            return !contents.isClosed
        }
    }
}
