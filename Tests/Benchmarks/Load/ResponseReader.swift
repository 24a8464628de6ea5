import NIOCore

/// Reads HTTP/1.1 responses just far enough to know where each ends and whether it is whole.
struct ResponseReader {
    /// A response that ended.
    struct Response: Hashable {
        var status: Int
        /// Bytes of the body, without the framing of chunks.
        var bodyBytes: Int
    }

    /// The bytes are no HTTP/1.1 response that this reader understands.
    struct Malformed: Error {}

    private enum State {
        case head
        case length(remaining: Int)
        case chunkSize
        case chunkData(remaining: Int)
        case chunkEnd
        case trailer
    }

    private static let headLimit = 64 * 1024

    private var state = State.head
    private var status = 0
    private var bodyBytes = 0
    /// What could not be read yet: part of a head or of a line.
    private var pending = ByteBuffer()

    /// Whether a response has begun and not ended.
    var isInside: Bool {
        if case .head = self.state { self.pending.readableBytes > 0 } else { true }
    }

    /// Takes the next bytes; the response that ended with them, or nil.
    mutating func read(_ bytes: inout ByteBuffer) throws(Malformed) -> Response? {
        if self.pending.readableBytes > 0 {
            self.pending.writeBuffer(&bytes)
            bytes = self.pending
            self.pending = ByteBuffer()
        }
        while bytes.readableBytes > 0 {
            switch self.state {
            case .head:
                guard let end = ResponseReader.endOfHead(bytes) else { return try self.keep(bytes) }
                try self.readHead(&bytes, length: end)
                if case .length(remaining: 0) = self.state { return try self.finish(bytes) }
            case .length(let remaining):
                let taken = min(remaining, bytes.readableBytes)
                self.take(taken, of: &bytes)
                self.state = .length(remaining: remaining - taken)
                if remaining == taken { return try self.finish(bytes) }
            case .chunkSize:
                guard let line = ResponseReader.line(&bytes) else { return try self.keep(bytes) }
                guard let size = Int(line.prefix { $0 != ";" }, radix: 16), size >= 0 else { throw Malformed() }
                self.state = size == 0 ? .trailer : .chunkData(remaining: size)
            case .chunkData(let remaining):
                let taken = min(remaining, bytes.readableBytes)
                self.take(taken, of: &bytes)
                self.state = remaining == taken ? .chunkEnd : .chunkData(remaining: remaining - taken)
            case .chunkEnd:
                guard let line = ResponseReader.line(&bytes) else { return try self.keep(bytes) }
                guard line.isEmpty else { throw Malformed() }
                self.state = .chunkSize
            case .trailer:
                guard let line = ResponseReader.line(&bytes) else { return try self.keep(bytes) }
                if line.isEmpty { return try self.finish(bytes) }
            }
        }
        return nil
    }

    private mutating func take(_ count: Int, of bytes: inout ByteBuffer) {
        bytes.moveReaderIndex(forwardBy: count)
        self.bodyBytes += count
    }

    private mutating func keep(_ bytes: ByteBuffer) throws(Malformed) -> Response? {
        guard bytes.readableBytes <= ResponseReader.headLimit else { throw Malformed() }
        self.pending = bytes
        return nil
    }

    /// Nothing may follow: the next request is sent only now.
    private mutating func finish(_ bytes: ByteBuffer) throws(Malformed) -> Response? {
        guard bytes.readableBytes == 0 else { throw Malformed() }
        defer {
            self.state = .head
            self.bodyBytes = 0
        }
        return Response(status: self.status, bodyBytes: self.bodyBytes)
    }

    private mutating func readHead(_ bytes: inout ByteBuffer, length: Int) throws(Malformed) {
        guard let text = bytes.readString(length: length), text.hasPrefix("HTTP/1.1 "),
            let status = Int(text.dropFirst(9).prefix(3))
        else { throw Malformed() }
        self.status = status
        var contentLength: Int?
        var isChunked = false
        for line in text.utf8.split(separator: 0x0a) {
            let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
            guard parts.count == 2 else { continue }
            let value = String(decoding: parts[1].filter { $0 != 0x20 && $0 != 0x0d }, as: UTF8.self)
            switch String(decoding: parts[0], as: UTF8.self).lowercased() {
            case "content-length": contentLength = Int(value)
            case "transfer-encoding": isChunked = value.lowercased() == "chunked"
            default: break
            }
        }
        if isChunked {
            self.state = .chunkSize
        } else if let contentLength, contentLength >= 0 {
            self.state = .length(remaining: contentLength)
        } else {
            throw Malformed()
        }
    }

    /// The length of a head with its blank line; nil when it is not complete.
    private static func endOfHead(_ bytes: ByteBuffer) -> Int? {
        let view = bytes.readableBytesView
        var index = view.startIndex
        while let end = view[index...].firstIndex(of: 0x0a) {
            if end - index == 1, view[index] == 0x0d { return end + 1 - view.startIndex }
            index = end + 1
        }
        return nil
    }

    /// A line without its end; nil when it is not complete.
    private static func line(_ bytes: inout ByteBuffer) -> String? {
        let view = bytes.readableBytesView
        guard let end = view.firstIndex(of: 0x0a) else { return nil }
        let line = bytes.readString(length: end + 1 - view.startIndex)
        return line.map { String($0.utf8.dropLast($0.hasSuffix("\r\n") ? 2 : 1)) ?? "" }
    }
}
