import CLibcurl
import Glibc
import NIOCore
import NIOPosix

/// Runs a reactor's loop on an event loop: no thread of its own, and nothing handed from one to another.
///
/// NIO cannot watch libcurl's sockets. They are in an epoll descriptor, the kernel tells through an event descriptor
/// when that one is readable (``ReadinessSignal``), and this handler reads the event descriptor as a pipe. A wake-up
/// costs four small system calls for all sockets that are ready; requests that start cost none.
///
/// Confined to its event loop.
final class EventLoopHost: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// How soon the kernel is asked again after it refused to watch, in milliseconds.
    private static let retry = 10

    /// How often a turn goes on with what came up in it before others on the event loop have theirs.
    private static let rounds = 4

    private let eventLoop: any EventLoop
    private let loop: ReactorLoop
    private let bell: EventLoopBell
    private let event: CInt
    private let signal: ReadinessSignal
    private var channel: (any Channel)?
    /// Whether the kernel has yet to tell of something that can be read.
    private var isArmed = false
    /// Whether the next reading of the event descriptor counts one that was written here.
    private var isRungByItself = false
    private var isEnded = false
    private(set) var isInTurn = false
    /// The one timer, and when it fires: never later than the loop wants, at times earlier.
    private var timer: (task: Scheduled<Void>, due: MonotonicTime)?

    /// Takes over `event`, an event descriptor, which it closes.
    private init(
        _ eventLoop: any EventLoop,
        _ loop: ReactorLoop,
        _ bell: EventLoopBell,
        event: CInt
    ) throws(CurlError) {
        self.eventLoop = eventLoop
        self.loop = loop
        self.bell = bell
        self.event = event
        self.signal = try ReadinessSignal()
        // Where the kernel cannot do it at all, that shows here.
        guard self.signal.arm(loop.watcher.descriptor, telling: event) else { throw .system(errno: errno) }
        self.isArmed = true
    }

    /// Hosts a reactor on `eventLoop`, on that loop; the future fails where the kernel does not offer what it takes.
    static func start(
        on eventLoop: any EventLoop,
        configuration: ReactorConfiguration,
        mailbox: ReactorMailbox,
        bell: EventLoopBell
    ) -> EventLoopFuture<Void> {
        let event = eventfd(0, CInt(EFD_NONBLOCK | EFD_CLOEXEC))
        guard event >= 0 else { return eventLoop.makeFailedFuture(CurlError.system(errno: errno)) }
        do {
            let watcher = try SocketWatcher(bell: nil)
            let loop = try ReactorLoop(configuration: configuration, mailbox: mailbox, watcher: watcher)
            let host = try EventLoopHost(eventLoop, loop, bell, event: event)
            bell.call(host)
            let bound = NIOLoopBound(host, eventLoop: eventLoop)
            return NIOPipeBootstrap(group: eventLoop)
                .channelOption(.maxMessagesPerRead, value: 1)
                .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 8))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(bound.value)
                    }
                }
                .takingOwnershipOfDescriptor(input: event)
                .map { _ in }
                .flatMapErrorThrowing { error in
                    bell.call(nil)
                    throw error
                }
        } catch {
            _ = close(event)
            return eventLoop.makeFailedFuture(error)
        }
    }

    // MARK: Turns

    func handlerAdded(context: ChannelHandlerContext) {
        self.channel = context.channel
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = self.unwrapInboundIn(data)
        let count = bytes.readInteger(endianness: .host, as: UInt64.self) ?? 0
        if count > (self.isRungByItself ? 1 : 0) { self.isArmed = false }
        self.isRungByItself = false
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.turn()
    }

    /// The event loop itself shuts down.
    func channelInactive(context: ChannelHandlerContext) {
        self.end()
        context.fireChannelInactive()
    }

    /// Takes up mail, timers, and what is ready when the kernel said that something is.
    func turn() {
        guard !self.isInTurn, !self.isEnded else { return }
        self.isInTurn = true
        var isOpen = true
        var rounds = 0
        repeat {
            rounds += 1
            isOpen = self.loop.takeTurn(hasMail: true, looksAtSockets: !self.isArmed)
            if !self.isArmed { self.isArmed = self.signal.arm(self.loop.watcher.descriptor, telling: self.event) }
            // Receivers may have asked for more meanwhile.
        } while isOpen && rounds < EventLoopHost.rounds && self.hasMore
        self.isInTurn = false
        guard isOpen else { return self.end() }
        if self.hasMore { self.yield() } else { self.setTimer() }
    }

    private var hasMore: Bool { self.loop.hasMail || self.loop.millisecondsToNext == 0 }

    /// Has another turn follow behind whatever else is ready.
    ///
    /// Through the selector: NIO takes up a task that a task leaves behind, or one that is due at once, before it looks
    /// at any socket.
    private func yield() {
        guard !self.isRungByItself else { return }
        self.isRungByItself = eventfd_write(self.event, 1) == 0
    }

    /// An early timer costs one look when it fires; only one that is too late is replaced.
    private func setTimer() {
        var milliseconds = self.loop.millisecondsToNext
        if !self.isArmed { milliseconds = min(milliseconds ?? .max, EventLoopHost.retry) }
        guard let milliseconds else { return }
        let due = self.loop.turn.now.advanced(by: .milliseconds(milliseconds))
        if let timer = self.timer {
            guard due < timer.due else { return }
            timer.task.cancel()
        }
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        let task = self.eventLoop.scheduleTask(in: .milliseconds(Int64(clamping: milliseconds))) {
            bound.value.timer = nil
            bound.value.turn()
        }
        self.timer = (task, due)
    }

    private func end() {
        guard !self.isEnded else { return }
        self.isEnded = true
        self.isInTurn = true
        self.loop.end()
        self.isInTurn = false
        self.timer?.task.cancel()
        self.timer = nil
        self.bell.call(nil)
        self.channel?.close(promise: nil)
        self.channel = nil
    }
}
