/// Reads the header lines of an answer as libcurl hands them over, one at a time, line end included.
///
/// Interim heads are skipped. libcurl has checked the status line's form; this checks what it lets through: lines
/// that are no fields, and framing that two readers could understand in two ways.
struct HeadReader: Hashable, Sendable {
    enum Reading: Hashable, Sendable {
        /// More lines must follow.
        case incomplete
        /// An interim head ended.
        case interim
        /// The final head is complete.
        case complete(TransferHead)
        case invalid
    }

    /// Status of the head being read; nil before its status line.
    private(set) var status: Int?
    private var block: [UInt8] = []
    private var lines: [TransferHead.Line] = []

    mutating func read(_ line: Span<UInt8>) -> Reading {
        var end = line.count
        while end > 0, line[end - 1] == UInt8(ascii: "\n") || line[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        guard let status = self.status else {
            guard let status = Self.status(of: line, end: end) else { return .invalid }
            self.status = status
            // A usual head of a provider: some 20 lines of 40 bytes.
            self.block.reserveCapacity(1024)
            self.lines.reserveCapacity(24)
            return .incomplete
        }
        guard end > 0 else { return self.finish(status) }
        return self.readField(line, end: end) ? .incomplete : .invalid
    }

    private mutating func finish(_ status: Int) -> Reading {
        defer { self = HeadReader() }
        guard status >= 200 else {
            // 101 answers a wish to upgrade that no request of ours has.
            return status == 101 ? .invalid : .interim
        }
        guard self.framingIsClear else { return .invalid }
        return .complete(TransferHead(status: status, block: self.block, lines: self.lines))
    }

    /// At most one `Content-Length`, or several that agree, and none beside `Transfer-Encoding` (RFC 9112 §6.3).
    private var framingIsClear: Bool {
        var length: Range<Int>?
        var isEncoded = false
        for line in self.lines {
            if line.name.count == 14, self.equals(line.name, "content-length") {
                if let length, self.block[length] != self.block[line.value] { return false }
                length = line.value
            } else if line.name.count == 17, self.equals(line.name, "transfer-encoding") {
                isEncoded = true
            }
        }
        return !(isEncoded && length != nil)
    }

    private func equals(_ range: Range<Int>, _ name: StaticString) -> Bool {
        guard name.utf8CodeUnitCount == range.count else { return false }
        let block = self.block.span
        return name.withUTF8Buffer { wanted in
            for (index, offset) in range.enumerated() where unsafe block[offset] != wanted[index] { return false }
            return true
        }
    }

    private mutating func readField(_ line: Span<UInt8>, end: Int) -> Bool {
        if Self.isBlank(line[0]) { return self.continueField(line, end: end) }
        let start = self.block.count
        var index = 0
        while index < end, line[index] != UInt8(ascii: ":") {
            guard let byte = Self.lowercasedToken(line[index]) else { return false }
            self.block.append(byte)
            index += 1
        }
        guard index > 0, index < end else { return false }
        let middle = self.block.count
        guard self.appendValue(line, from: index + 1, to: end) else { return false }
        self.lines.append(TransferHead.Line(name: start..<middle, value: middle..<self.block.count))
        return true
    }

    /// A folded line (obsolete, RFC 9112 §5.2) is joined to its field by one space.
    private mutating func continueField(_ line: Span<UInt8>, end: Int) -> Bool {
        guard let last = self.lines.indices.last else { return false }
        self.block.append(UInt8(ascii: " "))
        guard self.appendValue(line, from: 0, to: end) else { return false }
        self.lines[last].value = self.lines[last].value.lowerBound..<self.block.count
        return true
    }

    private mutating func appendValue(_ line: Span<UInt8>, from start: Int, to limit: Int) -> Bool {
        var start = start
        var end = limit
        while start < end, Self.isBlank(line[start]) { start += 1 }
        while end > start, Self.isBlank(line[end - 1]) { end -= 1 }
        for index in start..<end {
            let byte = line[index]
            guard byte != 0, byte != UInt8(ascii: "\r"), byte != UInt8(ascii: "\n") else { return false }
            self.block.append(byte)
        }
        return true
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    /// The byte in lower case; nil when no field name may hold it (RFC 9110 §5.6.2).
    static func lowercasedToken(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): byte
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        case UInt8(ascii: "!"), UInt8(ascii: "#")...UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"),
            UInt8(ascii: "."), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"),
            UInt8(ascii: "~"):
            byte
        default: nil
        }
    }

    /// The three digits after the first space of `HTTP/1.1 200 OK` or `HTTP/2 200`; nil outside 100...999.
    private static func status(of line: Span<UInt8>, end: Int) -> Int? {
        var index = 0
        while index < end, line[index] != UInt8(ascii: " ") { index += 1 }
        guard index >= 5, end - index >= 4 else { return nil }
        var status = 0
        for digit in index + 1...index + 3 {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(line[digit]) else { return nil }
            status = status * 10 + Int(line[digit] - UInt8(ascii: "0"))
        }
        guard status >= 100, end - index == 4 || line[index + 4] == UInt8(ascii: " ") else { return nil }
        return status
    }
}
