/// The characters of a JSON string: as a text, or as they were written, escapes and all, until somebody reads them.
///
/// Most strings of a translated request go from one JSON text into another without anybody looking at them. What was
/// written stays a part of the bytes it was read from, which were proven to be a right string then, and is copied as
/// it is. Two texts are equal when their characters are, however they were written.
package struct JSONText: Sendable {
    private enum Storage: Sendable {
        case plain(String)
        /// Between the quotes; only for a string that a reader has found right.
        case written(start: UInt32, end: UInt32, of: [UInt8])
    }

    private var storage: Storage

    package init(_ text: String) { self.storage = .plain(text) }

    /// A string between its quotes, which a reader has found right; nil for one that does not lie within 4 GB.
    init?(written range: Range<Int>, of bytes: [UInt8]) {
        guard range.upperBound <= bytes.count, let start = UInt32(exactly: range.lowerBound),
            let end = UInt32(exactly: range.upperBound)
        else { return nil }
        self.storage = .written(start: start, end: end, of: bytes)
    }

    /// The characters, escapes undone.
    package var string: String {
        switch self.storage {
        case .plain(let text): text
        case .written: String(decoding: self.utf8, as: UTF8.self)
        }
    }

    /// The characters as UTF-8, escapes undone.
    package var utf8: [UInt8] {
        switch self.storage {
        case .plain(let text): return Array(text.utf8)
        case .written(let start, let end, let bytes):
            var text: [UInt8] = []
            JSONEscape.decode(bytes.span, Int(start)..<Int(end), into: &text)
            return text
        }
    }

    /// How long it is in bytes, at least nearly: escapes count as they were written.
    package var count: Int {
        switch self.storage {
        case .plain(let text): text.utf8.count
        case .written(let start, let end, _): Int(end - start)
        }
    }

    package var isEmpty: Bool {
        switch self.storage {
        case .plain(let text): text.isEmpty
        case .written(let start, let end, _): start == end
        }
    }

    /// What was written between the quotes, escapes and all; nil for a text that was not read from bytes.
    package var written: ArraySlice<UInt8>? {
        switch self.storage {
        case .plain: nil
        case .written(let start, let end, let bytes): bytes[Int(start)..<Int(end)]
        }
    }

    /// The same text, sharing nothing with the bytes that it was read from: for what outlives them.
    package var detached: JSONText {
        guard let written = self.written else { return self }
        return JSONText(written: 0..<written.count, of: Array(written)) ?? JSONText(self.string)
    }

    /// The first character; nil for an empty text.
    package var first: Unicode.Scalar? {
        if case .written(let start, let end, let bytes) = self.storage, start < end {
            let byte = bytes[Int(start)]
            if byte < 0x80, byte != UInt8(ascii: "\\") { return Unicode.Scalar(byte) }
            if byte < 0x80, start + 1 < end, let meaning = JSONEscape.meaning(of: bytes[Int(start) + 1]) {
                return Unicode.Scalar(meaning)
            }
        }
        return self.beginning(1).unicodeScalars.first
    }

    /// The first character that is no space, tab, line feed or carriage return; nil where there is no other.
    package var firstBehindSpace: Unicode.Scalar? {
        switch self.storage {
        case .plain(let text):
            return text.unicodeScalars.first { $0 != " " && $0 != "\n" && $0 != "\t" && $0 != "\r" }
        case .written(let start, let end, let bytes):
            let string = bytes.span.extracting(Int(start)..<Int(end))
            let offset = JSONEscape.endOfSpace(in: string)
            guard offset < string.count else { return nil }
            return JSONText(written: Int(start) + offset..<Int(end), of: bytes)?.first
        }
    }

    /// The first characters, `count` of them where there are so many: for who looks at the beginning only.
    package func beginning(_ count: Int) -> String {
        switch self.storage {
        case .plain(let text): return String(text.unicodeScalars.prefix(count))
        case .written(let start, let end, let bytes):
            let string = bytes.span.extracting(Int(start)..<Int(end))
            let stop = JSONEscape.end(ofCharacters: count, in: string)
            var text: [UInt8] = []
            JSONEscape.decode(string, 0..<stop, into: &text)
            return String(decoding: text, as: UTF8.self)
        }
    }

    /// Whether the text begins with these very characters.
    package func hasPrefix(_ prefix: String) -> Bool {
        self.beginning(prefix.unicodeScalars.count).utf8.elementsEqual(prefix.utf8)
    }

    /// What stands before and behind the first `mark`, a character of ASCII; nil when none is among the first `count`
    /// characters.
    package func split(atFirst mark: Unicode.Scalar, within count: Int) -> (head: String, tail: JSONText)? {
        let beginning = self.beginning(count).unicodeScalars
        guard let place = beginning.firstIndex(of: mark) else { return nil }
        let head = String(beginning[..<place])
        return (head, self.dropFirst(head.unicodeScalars.count + 1))
    }

    private func dropFirst(_ count: Int) -> JSONText {
        switch self.storage {
        case .plain(let text): return JSONText(String(text.unicodeScalars.dropFirst(count)))
        case .written(let start, let end, let bytes):
            let string = bytes.span.extracting(Int(start)..<Int(end))
            let stop = JSONEscape.end(ofCharacters: count, in: string)
            return JSONText(written: (Int(start) + stop)..<Int(end), of: bytes) ?? ""
        }
    }

    /// Adds the text to that of a string which is being written; `plainly` for one without needless escapes.
    func appendWritten(plainly: Bool, to output: inout JSONOutput) {
        switch self.storage {
        case .plain(let text): JSONWriter.append(escaped: text, to: &output.bytes)
        case .written(let start, let end, let source):
            let range = Int(start)..<Int(end)
            if plainly, JSONEscape.hasNeedless(source.span.extracting(range)) {
                JSONWriter.append(escaped: self.string, to: &output.bytes)
            } else {
                output.append(range, of: source)
            }
        }
    }

    private func appendWritten(to bytes: inout [UInt8]) {
        JSONOutput.continuing(&bytes) { self.appendWritten(plainly: false, to: &$0) }
    }

    /// Texts that were written are joined as they were; each piece is copied once.
    package mutating func append(_ other: JSONText) {
        guard !other.isEmpty else { return }
        guard !self.isEmpty else {
            self = other
            return
        }
        if case .plain(var text) = self.storage, case .plain(let piece) = other.storage {
            self.storage = .plain("")
            text += piece
            self.storage = .plain(text)
            return
        }
        var bytes = self.takeWritten()
        other.appendWritten(to: &bytes)
        self = JSONText(joined: bytes)
    }

    /// The bytes of a string that is right because its pieces are.
    private init(joined bytes: [UInt8]) {
        if let text = JSONText(written: 0..<bytes.count, of: bytes) {
            self = text
        } else {
            var text: [UInt8] = []
            JSONEscape.decode(bytes.span, 0..<bytes.count, into: &text)
            self.init(String(decoding: text, as: UTF8.self))
        }
    }

    /// The text as bytes of a string, its own where it has no others beside them, so that they can grow in place.
    private mutating func takeWritten() -> [UInt8] {
        if case .written(0, let end, let own) = self.storage, Int(end) == own.count {
            self.storage = .plain("")
            return own
        }
        var bytes: [UInt8] = []
        self.appendWritten(to: &bytes)
        return bytes
    }
}

extension JSONText: Hashable {
    package static func == (left: JSONText, right: JSONText) -> Bool {
        switch (left.storage, right.storage) {
        case (.plain(let left), .plain(let right)): return JSONObject.isSameName(left, right)
        case (.plain(let text), .written(let start, let end, _)):
            return JSONText.canEqual(text.utf8.count, written: Int(end - start)) && left.utf8 == right.utf8
        case (.written(let start, let end, _), .plain(let text)):
            return JSONText.canEqual(text.utf8.count, written: Int(end - start)) && left.utf8 == right.utf8
        case (.written, .written): return left.written == right.written || left.utf8 == right.utf8
        }
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(self.string) }

    /// Whether so many bytes can be what so many written ones mean: six at most stand for one.
    private static func canEqual(_ count: Int, written: Int) -> Bool {
        count <= written && written <= 6 * count
    }
}

extension JSONText: ExpressibleByStringInterpolation, CustomStringConvertible, CustomDebugStringConvertible {
    package init(stringLiteral value: String) { self.init(value) }

    package var description: String { self.string }
    package var debugDescription: String { self.string.debugDescription }

    package static func + (left: JSONText, right: JSONText) -> JSONText {
        var sum = left
        sum.append(right)
        return sum
    }

    package static func += (left: inout JSONText, right: JSONText) { left.append(right) }
}

extension Sequence<JSONText> {
    package func joined(separator: JSONText = "") -> JSONText {
        var joined: JSONText?
        for text in self {
            if var texts = joined.take() {
                texts += separator
                texts += text
                joined = texts
            } else {
                joined = text
            }
        }
        return joined ?? ""
    }
}
