import NIOCore

/// Whole events that go to the caller together; one event, or neighbours in one buffer, are not copied.
struct EventBatch {
    private var bytes: ByteBuffer?

    mutating func append(_ event: ByteBuffer) {
        guard var joined = self.bytes.take() else {
            self.bytes = event
            return
        }
        joined.writeImmutableBuffer(event)
        self.bytes = joined
    }

    mutating func take() -> ByteBuffer? { self.bytes.take() }
}
