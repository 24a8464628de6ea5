import NIOCore

/// One stream of `demo-paced`: a delta at a fixed distance from the one before, whatever happened in between.
final class PacedStream: ActiveResponse {
    private let channel: any Channel
    private let template: PacedTemplate
    private let interval: TimeAmount
    private let onEnd: () -> Void
    private var next = 0
    private var due: NIODeadline
    private var timer: Scheduled<Void>?
    private(set) var bytesOut = 0

    init(channel: any Channel, template: PacedTemplate, milliseconds: Int, onEnd: @escaping () -> Void) {
        self.channel = channel
        self.template = template
        self.interval = .milliseconds(Int64(milliseconds))
        self.onEnd = onEnd
        self.due = .now()
    }

    /// The first delta goes out with the head.
    func start() {
        self.write(self.template.opening)
        self.step()
    }

    func becameWritable() {}

    func abandon() {
        self.timer?.cancel()
        self.timer = nil
    }

    private func step() {
        let now = NIODeadline.now().uptimeNanoseconds
        self.write(self.template.delta(at: self.next, nanoseconds: now, allocator: self.channel.allocator))
        self.next += 1
        if self.next < self.template.deltas.count {
            self.channel.flush()
            self.due = self.due + self.interval
            self.timer = self.channel.eventLoop.assumeIsolated().scheduleTask(deadline: self.due) { self.step() }
        } else {
            self.timer = nil
            self.bytesOut += self.template.closing.readableBytes
            self.channel.writeAndFlush(self.template.closing).assumeIsolated().whenSuccess { self.onEnd() }
        }
    }

    private func write(_ buffer: ByteBuffer) {
        self.bytesOut += buffer.readableBytes
        self.channel.write(buffer, promise: nil)
    }
}
