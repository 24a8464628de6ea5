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

    /// An array of `count` objects; `body` adds the members of the one at each index.
    package mutating func add(_ name: StaticString, objects count: Int, _ body: (inout JSONLine, Int) -> Void) {
        self.begin(name)
        self.bytes.append(UInt8(ascii: "["))
        for index in 0..<max(0, count) {
            if index > 0 { self.bytes.append(UInt8(ascii: ",")) }
            self.bytes.append(UInt8(ascii: "{"))
            self.needsComma = false
            body(&self, index)
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
        JSONWriter.append(string: text, to: &self.bytes)
    }

    private mutating func append(number value: Int) {
        if value < 0 { self.bytes.append(UInt8(ascii: "-")) }
        // 19 digits hold every magnitude of an `Int`.
        var digits: [20 of UInt8] = .init(repeating: 0)
        var rest = value.magnitude
        var first = digits.count
        repeat {
            first -= 1
            digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        for index in first..<digits.count { self.bytes.append(digits[index]) }
    }

    /// A point and `digits` digits; `value` is below the power of ten that many digits hold.
    private mutating func append(fraction value: Int, digits: Int) {
        self.bytes.append(UInt8(ascii: "."))
        var divisor = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            self.bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }
}
