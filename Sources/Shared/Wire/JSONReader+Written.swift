/// Objects that are passed over and read when somebody looks into them.
extension JSONReader {
    /// The members of an object that a reader passed over.
    static func entries(of range: Range<Int>, in bytes: [UInt8]) throws(JSONError) -> [JSONObject.Entry] {
        var reader = JSONReader(bytes, JSONReader.defaultMaximumDepth, .max, .asWritten, true, folded: nil)
        reader.offset = range.lowerBound
        return try reader.value(bytes.span, depth: 0).objectValue?.entries ?? []
    }

    /// Passes over the object that begins here; nil, and nothing passed over, where none does.
    mutating func writtenObject(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) -> JSONObject? {
        guard self.peek(bytes) == UInt8(ascii: "{") else { return nil }
        let start = self.offset
        let count = try self.passOver(bytes, depth: depth)
        guard count <= self.valuesLeft else { throw JSONError(.tooManyValues, at: start) }
        self.valuesLeft -= count
        return JSONObject(written: WrittenObject(start..<self.offset, of: self.bytes))
    }

    /// How many values there were at most.
    private mutating func passOver(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) -> Int {
        var open = 0
        // Behind each comma stands one more value, and in each list or object, if it is not empty, a first one.
        var values = 1
        repeat {
            guard let byte = self.peek(bytes) else { throw JSONError(.unexpectedEnd, at: self.offset) }
            switch byte {
            case UInt8(ascii: "\""):
                self.offset += 1
                self.offset = try self.endOfProven(bytes)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard depth + open < self.maximumDepth else { throw JSONError(.tooDeep, at: self.offset) }
                open += 1
                values += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): open -= 1
            case UInt8(ascii: ","): values += 1
            default: break
            }
            self.offset += 1
        } while open > 0
        return values
    }
}
