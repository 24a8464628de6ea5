import Glibc
import NIOCore

/// Carries out a response script on its connection.
final class ResponseRunner: ActiveResponse {
    private let channel: any Channel
    private let script: ResponseScript
    private let ledger: Ledger
    /// Told once when the script is at its end: whether it was cut, as it said.
    private let onEnd: (_ wasCut: Bool) -> Void
    private var index = 0
    /// How much of the write at `index` is already sent.
    private var offset = 0
    private var isBlocked = false {
        didSet {
            guard self.isBlocked != oldValue else { return }
            let change = self.isBlocked ? 1 : -1
            let bytes = self.bytesOut - self.countedBytes
            self.countedBytes = self.bytesOut
            self.ledger.count {
                $0.blocked += change
                $0.bytesOut += bytes
            }
        }
    }
    /// How many of the bytes sent are in the ledger's counters.
    private var countedBytes = 0
    private var isOver = false
    private var timer: Scheduled<Void>?
    private(set) var bytesOut = 0

    init(channel: any Channel, script: ResponseScript, ledger: Ledger, onEnd: @escaping (_ wasCut: Bool) -> Void) {
        self.channel = channel
        self.script = script
        self.ledger = ledger
        self.onEnd = onEnd
    }

    func start() { self.run() }

    func becameWritable() {
        guard self.isBlocked else { return }
        self.isBlocked = false
        self.run()
    }

    func abandon() {
        self.isOver = true
        self.isBlocked = false
        self.timer?.cancel()
        self.timer = nil
    }

    private func run() {
        while !self.isOver, !self.isBlocked, self.index < self.script.steps.count {
            switch self.script.steps[self.index] {
            case .write(let bytes):
                if self.script.writeSize != nil { return self.writePart(of: bytes) }
                self.index += 1
                self.write(bytes[...])
                if !self.channel.isWritable { self.waitForRoom() }
            case .pause(let milliseconds):
                self.index += 1
                self.channel.flush()
                return self.resume(in: .milliseconds(Int64(milliseconds)))
            case .close(let reset):
                self.close(reset: reset)
                return
            case .hang:
                self.channel.flush()
                return
            }
        }
        if !self.isOver, !self.isBlocked { self.finish() }
    }

    /// One write of the size that the script limits writes to; the next one comes with the loop's next turn, so
    /// that the caller's side can see them apart.
    private func writePart(of bytes: [UInt8]) {
        let end = min(self.offset + (self.script.writeSize ?? bytes.count), bytes.count)
        self.write(bytes[self.offset..<end])
        self.channel.flush()
        self.offset = end
        if end == bytes.count {
            self.offset = 0
            self.index += 1
        }
        if self.channel.isWritable { self.resume(in: .nanoseconds(0)) } else { self.waitForRoom() }
    }

    private func write(_ bytes: ArraySlice<UInt8>) {
        self.bytesOut += bytes.count
        self.channel.write(ByteBuffer(bytes: bytes), promise: nil)
    }

    private func waitForRoom() {
        self.isBlocked = true
        self.channel.flush()
        // The flush may have made room at once, and then nobody calls again.
        if self.isBlocked, self.channel.isWritable {
            self.isBlocked = false
            self.resume(in: .nanoseconds(0))
        }
    }

    private func resume(in delay: TimeAmount) {
        self.timer = self.channel.eventLoop.assumeIsolated().scheduleTask(in: delay) { self.run() }
    }

    private func close(reset: Bool) {
        self.isOver = true
        self.channel.flush()
        if reset, let options = self.channel as? any SocketOptionProvider {
            // A linger time of zero turns the close into a reset.
            options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated().whenComplete { _ in
                self.channel.close(promise: nil)
            }
        } else {
            self.channel.close(promise: nil)
        }
        self.onEnd(true)
    }

    private func finish() {
        self.isOver = true
        // Only bytes that left this process count as an answer given.
        self.channel.writeAndFlush(ByteBuffer()).assumeIsolated().whenSuccess { self.onEnd(false) }
    }
}
