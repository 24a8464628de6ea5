import NIOCore

/// Whole events that go to the caller together: one is not copied, several are joined in one buffer.
struct EventBatch {
    private var bytes: ByteBuffer?
    private var count = 0
    /// Room for the joined events, so that growing leaves no larger buffer behind than needed.
    private let reserved: Int

    init(reserving reserved: Int = 0) {
        self.reserved = reserved
    }

    mutating func append(_ event: ByteBuffer) {
        self.count += 1
        guard var joined = self.bytes.take() else {
            self.bytes = event
            return
        }
        if self.count == 2 {
            let room = max(joined.readableBytes + event.readableBytes, self.reserved)
            var copy = ByteBufferAllocator().buffer(capacity: room)
            copy.writeImmutableBuffer(joined)
            joined = copy
        }
        joined.writeImmutableBuffer(event)
        self.bytes = joined
    }

    mutating func take() -> ByteBuffer? {
        self.count = 0
        return self.bytes.take()
    }
}
