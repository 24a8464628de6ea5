import NIOCore

/// Frames bytes as a chunk (RFC 9112 §7.1).
enum ChunkedBody {
    static let end: StaticString = "0\r\n\r\n"

    /// Writes the size line of a chunk of `count` bytes; the bytes and CR LF follow.
    static func writeSize(_ count: Int, to buffer: inout ByteBuffer) {
        buffer.writeString(String(count, radix: 16))
        buffer.writeStaticString("\r\n")
    }
}
