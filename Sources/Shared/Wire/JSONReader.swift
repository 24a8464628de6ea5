/// Reads one JSON text (RFC 8259) strictly: no byte-order mark, no comments, no trailing comma, no twin names,
/// nothing after the value.
///
/// Depth is limited by an argument, so that hostile nesting cannot exhaust the stack, and so is the number of values,
/// as a small one costs a hundred times its text. Callers limit the size before they call.
package struct JSONReader {
    /// How strings are kept.
    package enum Texts: Sendable {
        /// As texts of their own.
        case decoded
        /// As parts of the bytes, which then live as long as any string of them: for what is soon written again.
        case asWritten
    }

    let bytes: [UInt8]
    let maximumDepth: Int
    let texts: Texts
    let isProven: Bool
    private let folded: StaticString?
    let marks: JSONMarks
    /// The first mark that may still lie ahead.
    var mark = 0
    var offset = 0
    /// How many more values there may be.
    var valuesLeft: Int

    /// Nesting that no configuration, snapshot or model request needs to exceed.
    package static let defaultMaximumDepth = 64
    /// A text of at most so many bytes of UTF-8 needs no memory of its own, and is cheaper than a part of others.
    static let smallText = 15

    /// `maximumValues` counts strings, numbers, words, arrays and objects, but not the names of members.
    ///
    /// `proven`: another strict reader has found these bytes right, so that of strings only the ends are looked for,
    /// and names are not compared. Where that is not so, a wrong string is passed on as it is, and of twins the first
    /// counts.
    ///
    /// `folded`: objects under members of this name are passed over, wherever they stand, and read when somebody
    /// looks into them; only of proven bytes, and where texts are kept as they were written. Each empty list or object
    /// in one counts as two values.
    ///
    /// `marks`: of these very bytes, if they are proven; looked at only then.
    package static func read(
        _ bytes: [UInt8],
        maximumDepth: Int = JSONReader.defaultMaximumDepth,
        maximumValues: Int = .max,
        texts: Texts = .decoded,
        proven: Bool = false,
        folded: StaticString? = nil,
        marks: JSONMarks = JSONMarks()
    ) throws(JSONError) -> JSONValue {
        var reader = JSONReader(bytes, maximumDepth, maximumValues, texts, proven, folded: folded, marks: marks)
        return try reader.document(bytes.span)
    }

    /// The same for bytes of somebody else, which are copied.
    package static func read(
        _ bytes: Span<UInt8>,
        maximumDepth: Int = JSONReader.defaultMaximumDepth,
        maximumValues: Int = .max,
        texts: Texts = .decoded,
        proven: Bool = false,
        folded: StaticString? = nil
    ) throws(JSONError) -> JSONValue {
        var copy: [UInt8] = []
        copy.reserveCapacity(bytes.count)
        JSONWriter.append(bytes, to: &copy)
        return try JSONReader.read(
            copy,
            maximumDepth: maximumDepth,
            maximumValues: maximumValues,
            texts: texts,
            proven: proven,
            folded: folded
        )
    }

    init(
        _ bytes: [UInt8],
        _ maximumDepth: Int,
        _ maximumValues: Int,
        _ texts: Texts,
        _ isProven: Bool,
        folded: StaticString?,
        marks: JSONMarks = JSONMarks()
    ) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        self.valuesLeft = maximumValues
        self.texts = texts
        self.isProven = isProven
        self.folded = isProven && texts == .asWritten ? folded : nil
        self.marks = marks
    }

    private mutating func document(_ bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
        self.skipWhitespace(bytes)
        guard self.offset < bytes.count else { throw JSONError(.empty, at: self.offset) }
        let value = try self.value(bytes, depth: 0)
        self.skipWhitespace(bytes)
        guard self.offset == bytes.count else { throw JSONError(.trailingBytes, at: self.offset) }
        return value
    }

    func peek(_ bytes: Span<UInt8>) -> UInt8? { self.offset < bytes.count ? bytes[self.offset] : nil }

    private mutating func next(_ bytes: Span<UInt8>) throws(JSONError) -> UInt8 {
        guard self.offset < bytes.count else { throw JSONError(.unexpectedEnd, at: self.offset) }
        defer { self.offset += 1 }
        return bytes[self.offset]
    }

    mutating func skipWhitespace(_ bytes: Span<UInt8>) {
        while self.offset < bytes.count {
            switch bytes[self.offset] {
            case 0x20, 0x0a, 0x0d, 0x09: self.offset += 1
            default: return
            }
        }
    }

    mutating func value(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSONValue {
        guard let byte = self.peek(bytes) else { throw JSONError(.unexpectedEnd, at: self.offset) }
        guard self.valuesLeft > 0 else { throw JSONError(.tooManyValues, at: self.offset) }
        self.valuesLeft -= 1
        switch byte {
        case UInt8(ascii: "{"): return try self.object(bytes, depth: depth)
        case UInt8(ascii: "["): return try self.array(bytes, depth: depth)
        case UInt8(ascii: "\""):
            self.offset += 1
            return .string(try self.text(bytes))
        case UInt8(ascii: "t"): return try self.literal(bytes, "true", .bool(true))
        case UInt8(ascii: "f"): return try self.literal(bytes, "false", .bool(false))
        case UInt8(ascii: "n"): return try self.literal(bytes, "null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try self.number(bytes))
        default: throw JSONError(.unexpectedByte, at: self.offset)
        }
    }

    private mutating func literal(
        _ bytes: Span<UInt8>,
        _ word: StaticString,
        _ value: JSONValue
    ) throws(JSONError) -> JSONValue {
        let end = self.offset + word.utf8CodeUnitCount
        guard JSONMemberWalk.matches(bytes, self.offset..<end, word) else {
            throw JSONError(.invalidLiteral, at: self.offset)
        }
        self.offset = end
        return value
    }

    private mutating func array(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSONValue {
        guard depth < self.maximumDepth else { throw JSONError(.tooDeep, at: self.offset) }
        self.offset += 1
        var elements: [JSONValue] = []
        self.skipWhitespace(bytes)
        if self.peek(bytes) == UInt8(ascii: "]") {
            self.offset += 1
            return .array(elements)
        }
        while true {
            self.skipWhitespace(bytes)
            elements.append(try self.value(bytes, depth: depth + 1))
            self.skipWhitespace(bytes)
            let start = self.offset
            switch try self.next(bytes) {
            case UInt8(ascii: ","): continue
            case UInt8(ascii: "]"): return .array(elements)
            default: throw JSONError(.unexpectedByte, at: start)
            }
        }
    }

    mutating func object(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSONValue {
        guard depth < self.maximumDepth else { throw JSONError(.tooDeep, at: self.offset) }
        self.offset += 1
        self.skipWhitespace(bytes)
        if self.peek(bytes) == UInt8(ascii: "}") {
            self.offset += 1
            return .object(JSONObject())
        }
        var entries: [JSONObject.Entry] = []
        var seen: Set<[UInt8]>?
        // Most objects have no more members.
        entries.reserveCapacity(4)
        while true {
            self.skipWhitespace(bytes)
            let start = self.offset
            guard try self.next(bytes) == UInt8(ascii: "\"") else { throw JSONError(.unexpectedByte, at: start) }
            let name = try self.name(bytes)
            let isFolded = self.isFolded(bytes, name: start + 1..<self.offset - 1)
            if !self.isProven {
                guard JSONReader.isNew(name, among: entries, &seen) else { throw JSONError(.duplicateName, at: start) }
            }
            self.skipWhitespace(bytes)
            let colon = self.offset
            guard try self.next(bytes) == UInt8(ascii: ":") else { throw JSONError(.unexpectedByte, at: colon) }
            self.skipWhitespace(bytes)
            let value =
                if isFolded, let object = try self.writtenObject(bytes, depth: depth + 1) {
                    JSONValue.object(object)
                } else {
                    try self.value(bytes, depth: depth + 1)
                }
            entries.append(JSONObject.Entry(name: name, value: value))
            self.skipWhitespace(bytes)
            let end = self.offset
            switch try self.next(bytes) {
            case UInt8(ascii: ","): continue
            case UInt8(ascii: "}"): return .object(JSONObject(entries: entries))
            default: throw JSONError(.unexpectedByte, at: end)
            }
        }
    }

    private func isFolded(_ bytes: Span<UInt8>, name: Range<Int>) -> Bool {
        guard let folded = self.folded, folded.utf8CodeUnitCount == name.count else { return false }
        return JSONMemberWalk.matches(bytes, name, folded)
    }

    /// A walk for the usual few names; a set once a hostile object would make the walk quadratic.
    private static func isNew(_ name: String, among entries: [JSONObject.Entry], _ seen: inout Set<[UInt8]>?) -> Bool {
        guard entries.count >= 32 else { return !entries.contains { JSONObject.isSameName($0.name, name) } }
        var known = seen.take() ?? Set(entries.map { Array($0.name.utf8) })
        defer { seen = known }
        return known.insert(Array(name.utf8)).inserted
    }

    private mutating func number(_ bytes: Span<UInt8>) throws(JSONError) -> JSONNumber {
        let start = self.offset
        func bad() -> JSONError { JSONError(.invalidNumber, at: start) }
        if self.peek(bytes) == UInt8(ascii: "-") { self.offset += 1 }
        if self.peek(bytes) == UInt8(ascii: "0") {
            self.offset += 1
        } else {
            guard self.skipDigits(bytes) else { throw bad() }
        }
        if self.peek(bytes) == UInt8(ascii: ".") {
            self.offset += 1
            guard self.skipDigits(bytes) else { throw bad() }
        }
        if self.peek(bytes) == UInt8(ascii: "e") || self.peek(bytes) == UInt8(ascii: "E") {
            self.offset += 1
            if self.peek(bytes) == UInt8(ascii: "+") || self.peek(bytes) == UInt8(ascii: "-") { self.offset += 1 }
            guard self.skipDigits(bytes) else { throw bad() }
        }
        guard !self.skipDigits(bytes) else { throw bad() }
        return JSONNumber(checked: String(decoding: self.bytes[start..<self.offset], as: UTF8.self))
    }

    /// Whether there was a digit at least.
    private mutating func skipDigits(_ bytes: Span<UInt8>) -> Bool {
        let start = self.offset
        while self.offset < bytes.count, bytes[self.offset] &- UInt8(ascii: "0") < 10 { self.offset += 1 }
        return self.offset > start
    }
}
