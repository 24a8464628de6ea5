import NIOCore
import Wire

/// Cuts whole events off the front of a buffer that grows at its end, looking at each byte once.
struct EventCutter {
    private var boundary = ServerSentEventBoundary()
    /// How much of the buffer was looked at without finding an end.
    private var scanned = 0

    /// The length of the event at the front, nil while it is not whole.
    mutating func next(in buffer: ByteBuffer) -> Int? {
        let bytes = buffer.readableBytesUInt8Span
        if let end = self.boundary.next(in: bytes, from: self.scanned) {
            self.scanned = 0
            return end
        }
        self.scanned = bytes.count
        return nil
    }
}
