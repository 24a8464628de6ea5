import NIOCore

/// Finds the time stamps in a paced stream, however it is cut into reads.
///
/// A stamp is `@` and sixteen digits: the nanoseconds of the monotonic clock at which the provider sent the delta.
struct StampScanner {
    private static let digits = 16
    private static let tailSize = 64

    /// The digits of a stamp that the last read cut off; nil when there is none.
    private var partial: (value: UInt64, count: Int)?
    /// The last bytes of the stream.
    private var tail: [UInt8] = []

    /// Calls `found` with each stamp that `bytes` completes.
    mutating func scan(_ bytes: ByteBuffer, found: (UInt64) -> Void) {
        let view = bytes.readableBytesView
        var index = view.startIndex
        while index < view.endIndex {
            if self.partial == nil {
                guard let mark = view[index...].firstIndex(of: UInt8(ascii: "@")) else { break }
                self.partial = (0, 0)
                index = mark + 1
            }
            while var stamp = self.partial, index < view.endIndex {
                let byte = view[index]
                guard (0x30...0x39).contains(byte) else {
                    self.partial = nil
                    break
                }
                index += 1
                stamp = (stamp.value &* 10 &+ UInt64(byte - 0x30), stamp.count + 1)
                self.partial = stamp.count == StampScanner.digits ? nil : stamp
                if stamp.count == StampScanner.digits, stamp.value > 0 { found(stamp.value) }
            }
        }
        if view.count >= StampScanner.tailSize {
            self.tail = Array(view.suffix(StampScanner.tailSize))
        } else {
            self.tail = Array((self.tail + Array(view)).suffix(StampScanner.tailSize))
        }
    }

    /// Whether the bytes so far end as a complete stream of the Chat dialect does.
    var isAtEnd: Bool {
        let text = String(decoding: self.tail, as: UTF8.self)
        return text.hasSuffix("\r\n0\r\n\r\n") && text.contains("[DONE]")
    }

    /// The next stream starts from nothing.
    mutating func reset() {
        self.partial = nil
        self.tail = []
    }
}
