import NIOCore

/// A whole HTTP/1.1 request, serialised once and sent many times.
enum RequestBytes {
    static func post(_ path: String, to target: LoadTarget, body: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeString(
            """
            POST \(path) HTTP/1.1\r
            Host: \(target.host):\(target.port)\r
            Authorization: Bearer \(target.credential)\r
            Content-Type: application/json\r
            Accept: application/json\r
            User-Agent: benchmark\r
            Content-Length: \(body.count)\r
            \r\n
            """
        )
        buffer.writeBytes(body)
        return buffer
    }
}
