/// Reads one JSON text (RFC 8259) strictly: no byte-order mark, no comments, no trailing comma, no twin names,
/// nothing after the value.
///
/// Depth is limited by an argument, so that hostile nesting cannot exhaust the stack. Callers limit the size
/// before they call.
package struct JSONReader {
    private let bytes: [UInt8]
    private let maximumDepth: Int
    private var offset = 0

    /// Nesting that no configuration, snapshot or model request needs to exceed.
    package static let defaultMaximumDepth = 64

    package static func read(
        _ bytes: [UInt8],
        maximumDepth: Int = JSONReader.defaultMaximumDepth
    ) throws(JSONError) -> JSONValue {
        var reader = JSONReader(bytes: bytes, maximumDepth: maximumDepth)
        return try reader.document()
    }

    private init(bytes: [UInt8], maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    private mutating func document() throws(JSONError) -> JSONValue {
        self.skipWhitespace()
        guard self.peek != nil else { throw JSONError(.empty, at: self.offset) }
        let value = try self.value(depth: 0)
        self.skipWhitespace()
        guard self.offset == self.bytes.count else { throw JSONError(.trailingBytes, at: self.offset) }
        return value
    }

    private var peek: UInt8? { self.offset < self.bytes.count ? self.bytes[self.offset] : nil }

    private mutating func next() throws(JSONError) -> UInt8 {
        guard let byte = self.peek else { throw JSONError(.unexpectedEnd, at: self.offset) }
        self.offset += 1
        return byte
    }

    private mutating func skipWhitespace() {
        while let byte = self.peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { self.offset += 1 }
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard let byte = self.peek else { throw JSONError(.unexpectedEnd, at: self.offset) }
        switch byte {
        case UInt8(ascii: "{"): return try self.object(depth: depth)
        case UInt8(ascii: "["): return try self.array(depth: depth)
        case UInt8(ascii: "\""):
            self.offset += 1
            return .string(try self.string())
        case UInt8(ascii: "t"): return try self.literal("true", .bool(true))
        case UInt8(ascii: "f"): return try self.literal("false", .bool(false))
        case UInt8(ascii: "n"): return try self.literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try self.number())
        default: throw JSONError(.unexpectedByte, at: self.offset)
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let start = self.offset
        let expected = "\(word)".utf8
        guard self.bytes[start...].prefix(expected.count).elementsEqual(expected) else {
            throw JSONError(.invalidLiteral, at: start)
        }
        self.offset += expected.count
        return value
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < self.maximumDepth else { throw JSONError(.tooDeep, at: self.offset) }
        self.offset += 1
        var elements: [JSONValue] = []
        self.skipWhitespace()
        if self.peek == UInt8(ascii: "]") {
            self.offset += 1
            return .array(elements)
        }
        while true {
            self.skipWhitespace()
            elements.append(try self.value(depth: depth + 1))
            self.skipWhitespace()
            let start = self.offset
            switch try self.next() {
            case UInt8(ascii: ","): continue
            case UInt8(ascii: "]"): return .array(elements)
            default: throw JSONError(.unexpectedByte, at: start)
            }
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < self.maximumDepth else { throw JSONError(.tooDeep, at: self.offset) }
        self.offset += 1
        var names: [String] = []
        var values: [JSONValue] = []
        var seen: Set<[UInt8]>?
        self.skipWhitespace()
        if self.peek == UInt8(ascii: "}") {
            self.offset += 1
            return .object(JSONObject())
        }
        while true {
            self.skipWhitespace()
            let start = self.offset
            guard try self.next() == UInt8(ascii: "\"") else { throw JSONError(.unexpectedByte, at: start) }
            let name = try self.string()
            // A walk for the usual few names; a set once a hostile object would make the walk quadratic. Names are
            // the same when their bytes are: canonically equivalent ones are two members (RFC 8259 §8.3).
            if names.count < 32 {
                if names.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
                    throw JSONError(.duplicateName, at: start)
                }
            } else {
                var known = seen.take() ?? Set(names.map { Array($0.utf8) })
                guard known.insert(Array(name.utf8)).inserted else { throw JSONError(.duplicateName, at: start) }
                seen = known
            }
            self.skipWhitespace()
            let colon = self.offset
            guard try self.next() == UInt8(ascii: ":") else { throw JSONError(.unexpectedByte, at: colon) }
            self.skipWhitespace()
            names.append(name)
            values.append(try self.value(depth: depth + 1))
            self.skipWhitespace()
            let end = self.offset
            switch try self.next() {
            case UInt8(ascii: ","): continue
            case UInt8(ascii: "}"): return .object(JSONObject(names: names, values: values))
            default: throw JSONError(.unexpectedByte, at: end)
            }
        }
    }

    /// The rest of a string whose opening quote is behind us.
    private mutating func string() throws(JSONError) -> String {
        let start = self.offset
        while let byte = self.peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
            self.offset += 1
        }
        guard let stop = self.peek else { throw JSONError(.unexpectedEnd, at: self.offset) }
        if stop == UInt8(ascii: "\"") {
            defer { self.offset += 1 }
            return try self.text(self.bytes[start..<self.offset], at: start)
        }
        var unescaped = Array(self.bytes[start..<self.offset])
        while true {
            let at = self.offset
            let byte = try self.next()
            switch byte {
            case UInt8(ascii: "\""): return try self.text(unescaped[...], at: start)
            case UInt8(ascii: "\\"): try self.escape(into: &unescaped, at: at)
            case 0x00..<0x20: throw JSONError(.invalidString, at: at)
            default:
                // What lies between two escapes is copied in one piece.
                while let byte = self.peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
                    self.offset += 1
                }
                unescaped.append(contentsOf: self.bytes[at..<self.offset])
            }
        }
    }

    private func text(_ bytes: ArraySlice<UInt8>, at offset: Int) throws(JSONError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw JSONError(.invalidUTF8, at: offset) }
        return text
    }

    private mutating func escape(into text: inout [UInt8], at start: Int) throws(JSONError) {
        switch try self.next() {
        case UInt8(ascii: "\""): text.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): text.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): text.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            let first = try self.codeUnit(at: start)
            var scalar = UInt32(first)
            if (0xD800...0xDBFF).contains(first) {
                guard try self.next() == UInt8(ascii: "\\"), try self.next() == UInt8(ascii: "u") else {
                    throw JSONError(.invalidString, at: start)
                }
                let second = try self.codeUnit(at: start)
                guard (0xDC00...0xDFFF).contains(second) else { throw JSONError(.invalidString, at: start) }
                scalar = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
            }
            guard let character = Unicode.Scalar(scalar) else { throw JSONError(.invalidString, at: start) }
            text.append(contentsOf: UTF8.encode(character) ?? UTF8.encodedReplacementCharacter)
        default: throw JSONError(.invalidString, at: start)
        }
    }

    private mutating func codeUnit(at start: Int) throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            let byte = try self.next()
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw JSONError(.invalidString, at: start)
            }
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    private mutating func number() throws(JSONError) -> JSONNumber {
        let start = self.offset
        func isDigit(_ byte: UInt8?) -> Bool { byte.map { (0x30...0x39).contains($0) } ?? false }
        func bad() -> JSONError { JSONError(.invalidNumber, at: start) }
        if self.peek == UInt8(ascii: "-") { self.offset += 1 }
        if self.peek == UInt8(ascii: "0") {
            self.offset += 1
        } else {
            guard isDigit(self.peek) else { throw bad() }
            while isDigit(self.peek) { self.offset += 1 }
        }
        if self.peek == UInt8(ascii: ".") {
            self.offset += 1
            guard isDigit(self.peek) else { throw bad() }
            while isDigit(self.peek) { self.offset += 1 }
        }
        if self.peek == UInt8(ascii: "e") || self.peek == UInt8(ascii: "E") {
            self.offset += 1
            if self.peek == UInt8(ascii: "+") || self.peek == UInt8(ascii: "-") { self.offset += 1 }
            guard isDigit(self.peek) else { throw bad() }
            while isDigit(self.peek) { self.offset += 1 }
        }
        guard !isDigit(self.peek) else { throw bad() }
        return JSONNumber(checked: String(decoding: self.bytes[start..<self.offset], as: UTF8.self))
    }
}
