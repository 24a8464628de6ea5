import Wire

/// Builds one line of JSON, member by member, into memory that is used again for the next line.
///
/// Names are constants of the code and are not escaped. A name given twice is written twice: who builds a line
/// keeps its names apart.
package struct JSONLine {
    private var bytes: [UInt8] = []
    /// Whether the next member or element follows another one.
    private var needsComma = false

    package init() {
        self.bytes.reserveCapacity(1024)
        self.bytes.append(UInt8(ascii: "{"))
    }

    package mutating func add(_ name: StaticString, _ value: String) {
        self.begin(name)
        self.append(text: value)
    }

    package mutating func add(_ name: StaticString, _ value: String?) {
        if let value { self.add(name, value) } else { self.addNull(name) }
    }

    package mutating func add(_ name: StaticString, _ value: Int) {
        self.begin(name)
        self.append(number: value)
    }

    package mutating func add(_ name: StaticString, _ value: Int?) {
        if let value { self.add(name, value) } else { self.addNull(name) }
    }

    package mutating func add(_ name: StaticString, _ value: Bool) {
        self.begin(name)
        self.append(value ? "true" : "false")
    }

    /// Nanoseconds, written as milliseconds with three decimals.
    package mutating func add(_ name: StaticString, milliseconds nanoseconds: UInt64) {
        self.begin(name)
        let microseconds = Int(nanoseconds / 1000)
        self.append(number: microseconds / 1000)
        self.append(fraction: microseconds % 1000, digits: 3)
    }

    /// Nanoseconds, written as milliseconds with three decimals; null for nil.
    package mutating func add(_ name: StaticString, milliseconds nanoseconds: UInt64?) {
        if let nanoseconds { self.add(name, milliseconds: nanoseconds) } else { self.addNull(name) }
    }

    /// A number with up to nine decimals, rounded half away from zero; null for NaN and the infinities.
    package mutating func add(_ name: StaticString, _ value: Double, decimals: Int) {
        let digits = min(max(decimals, 0), 9)
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        self.begin(name)
        guard value.isFinite else { return self.append("null") }
        guard let scaled = Int(exactly: (value.magnitude * Double(scale)).rounded()) else {
            // Beyond 64 bits the decimals mean nothing; the standard library's text is JSON.
            return self.bytes.append(contentsOf: "\(value)".utf8)
        }
        if value < 0, scaled > 0 { self.bytes.append(UInt8(ascii: "-")) }
        self.append(number: scaled / scale)
        if digits > 0 { self.append(fraction: scaled % scale, digits: digits) }
    }

    /// A moment as RFC 3339 text.
    package mutating func add(_ name: StaticString, time millisecondsSince1970: Int) {
        self.begin(name)
        self.bytes.append(UInt8(ascii: "\""))
        RFC3339.append(millisecondsSince1970: millisecondsSince1970, to: &self.bytes)
        self.bytes.append(UInt8(ascii: "\""))
    }

    package mutating func addNull(_ name: StaticString) {
        self.begin(name)
        self.append("null")
    }

    /// An array of objects, one for each element, whose members `body` adds.
    package mutating func add<Element>(
        _ name: StaticString,
        objects elements: some Collection<Element>,
        _ body: (inout JSONLine, Element) -> Void
    ) {
        self.begin(name)
        self.bytes.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { self.bytes.append(UInt8(ascii: ",")) }
            self.bytes.append(UInt8(ascii: "{"))
            self.needsComma = false
            body(&self, element)
            self.bytes.append(UInt8(ascii: "}"))
        }
        self.bytes.append(UInt8(ascii: "]"))
        self.needsComma = true
    }

    /// A member whose name is data: escaped, unlike the constants.
    mutating func add(escapedName name: String, _ value: JSONValue) {
        if self.needsComma { self.bytes.append(UInt8(ascii: ",")) }
        self.needsComma = true
        self.append(text: name)
        self.bytes.append(UInt8(ascii: ":"))
        JSONWriter.append(value, to: &self.bytes)
    }

    /// The line with its newline; the next member begins a new line.
    package mutating func finish() -> [UInt8] {
        self.end()
        let line = self.bytes
        self.restart()
        return line
    }

    /// Hands the line with its newline to a writer, and begins a new line in the same memory.
    ///
    /// False when the writer had no room and dropped it.
    @discardableResult
    package mutating func finish(to handle: LineWriter.Handle) -> Bool {
        self.end()
        let isTaken = handle.append(self.bytes)
        self.restart()
        return isTaken
    }

    private mutating func end() {
        self.append("}\n")
    }

    private mutating func restart() {
        self.bytes.removeAll(keepingCapacity: true)
        self.bytes.append(UInt8(ascii: "{"))
        self.needsComma = false
    }

    private mutating func begin(_ name: StaticString) {
        if self.needsComma { self.bytes.append(UInt8(ascii: ",")) }
        self.needsComma = true
        self.bytes.append(UInt8(ascii: "\""))
        self.append(name)
        self.bytes.append(UInt8(ascii: "\""))
        self.bytes.append(UInt8(ascii: ":"))
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe self.bytes.append(contentsOf: $0) }
    }

    private mutating func append(text: String) {
        // Ids, names and codes, nearly always: copied whole. The writer escapes byte by byte.
        let isPlain = text.utf8.allSatisfy { byte in
            byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") && byte != 0x7f
        }
        guard isPlain else { return JSONWriter.append(string: text, to: &self.bytes) }
        self.bytes.append(UInt8(ascii: "\""))
        self.bytes.append(contentsOf: text.utf8)
        self.bytes.append(UInt8(ascii: "\""))
    }

    private mutating func append(number value: Int) {
        if value < 0 { self.bytes.append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        let start = self.bytes.count
        repeat {
            self.bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        self.bytes[start...].reverse()
    }

    private mutating func append(fraction value: Int, digits: Int) {
        self.bytes.append(UInt8(ascii: "."))
        let start = self.bytes.count
        var rest = value
        for _ in 0..<digits {
            self.bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        }
        self.bytes[start...].reverse()
    }
}
