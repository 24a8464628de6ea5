import NIOCore

/// The bytes of a request body as they come in: all of them, or only its edges once its model is one of the
/// fast ones.
struct RequestBody {
    /// How far into the body the name of a fast model may stand.
    static let modelWindow = 512
    /// How much is kept of each end of a body that is not read: where callers put `stream` and its options.
    static let edgeSize = 4096
    /// The largest body that is taken; a longer one is counted and dropped.
    static let limit = 128 << 20

    /// Everything that came in, or the first edge for a fast model.
    private(set) var bytes = ByteBuffer()
    private(set) var count = 0
    private(set) var fast: FastAnswer?
    private var lastEdge = ByteBuffer()
    private var isDecided: Bool

    /// `mayBeFast` is false for requests that are always read.
    init(mayBeFast: Bool) {
        self.isDecided = !mayBeFast
    }

    var isTooLarge: Bool { self.count > RequestBody.limit }

    mutating func append(_ part: inout ByteBuffer) {
        self.count += part.readableBytes
        if self.fast != nil {
            self.appendToEdge(part)
            return
        }
        guard !self.isTooLarge else {
            self.bytes = ByteBuffer()
            return
        }
        if self.bytes.readableBytes == 0 { self.bytes = part } else { self.bytes.writeBuffer(&part) }
        if !self.isDecided, self.count >= RequestBody.modelWindow { self.decide() }
    }

    /// The body is complete.
    mutating func finish() {
        if !self.isDecided { self.decide() }
    }

    /// Whether a fast body asks for a stream.
    var asksForStream: Bool { self.hasTrue("\"stream\"") }

    /// Whether a fast body asks for the usage of a stream.
    var asksForStreamUsage: Bool { self.hasTrue("\"include_usage\"") }

    private mutating func decide() {
        self.isDecided = true
        let window = self.bytes.readerIndex..<self.bytes.readerIndex + min(self.bytes.readableBytes, Self.modelWindow)
        if ByteSearch.first("\"demo-canned", in: self.bytes, within: window) != nil {
            self.fast = .canned
        } else if let end = ByteSearch.first("\"demo-paced", in: self.bytes, within: window) {
            self.fast = self.pace(after: end)
        } else {
            return
        }
        let all = self.bytes
        self.appendToEdge(all)
        self.bytes = all.getSlice(at: all.readerIndex, length: min(all.readableBytes, Self.edgeSize)) ?? ByteBuffer()
    }

    /// The parameters `-<ms>-<count>` that may follow the name; 20 ms and 50 deltas without.
    private func pace(after end: Int) -> FastAnswer {
        var numbers: [Int] = []
        var index = end
        while self.bytes.getInteger(at: index, as: UInt8.self) == UInt8(ascii: "-") {
            var number = 0
            index += 1
            while let digit = self.bytes.getInteger(at: index, as: UInt8.self), (0x30...0x39).contains(digit) {
                number = min(number * 10 + Int(digit - 0x30), 1 << 20)
                index += 1
            }
            numbers.append(number)
        }
        guard numbers.count == 2 else { return .paced(milliseconds: 20, count: 50) }
        return .paced(milliseconds: max(numbers[0], 1), count: min(max(numbers[1], 1), PacedTemplate.maximumCount))
    }

    private mutating func appendToEdge(_ part: ByteBuffer) {
        let length = min(part.readableBytes, Self.edgeSize)
        guard var end = part.getSlice(at: part.writerIndex - length, length: length) else { return }
        if self.lastEdge.readableBytes + length > 2 * Self.edgeSize {
            self.lastEdge.moveReaderIndex(forwardBy: max(0, self.lastEdge.readableBytes - Self.edgeSize))
            self.lastEdge.discardReadBytes()
        }
        if self.lastEdge.readableBytes == 0 { self.lastEdge = end } else { self.lastEdge.writeBuffer(&end) }
    }

    /// Whether one of the edges holds `name`, a colon and `true`.
    private func hasTrue(_ name: StaticString) -> Bool {
        for edge in [self.bytes, self.lastEdge] {
            guard var index = ByteSearch.first(name, in: edge, within: edge.readerIndex..<edge.writerIndex) else {
                continue
            }
            while let byte = edge.getInteger(at: index, as: UInt8.self), byte == 0x20 || byte == 0x3a { index += 1 }
            if edge.getString(at: index, length: 4) == "true" { return true }
        }
        return false
    }
}
