/// Proves that bytes are one JSON object (RFC 8259), in one pass and without building or allocating anything.
///
/// As strict as a reader, but for what a forward need not know: twin names and halves of surrogate pairs pass.
package enum JSONProof {
    /// A value of the object, or of what it holds, before it is looked at.
    package struct Value: Sendable {
        /// 1 for a member of the object itself.
        package let depth: Int
        /// Between the quotes, escapes as written; empty for an element of an array.
        package let name: Range<Int>
        /// Its first byte, which tells of what type it is.
        package let first: UInt8
    }

    /// The lists and objects that are open, the innermost in the lowest bit, which is set for an object.
    private struct Nesting {
        private var bits: UInt128 = 0
        private(set) var depth = 0

        var isInObject: Bool { self.bits & 1 == 1 }

        mutating func open(isObject: Bool) -> Bool {
            guard self.depth < JSONProof.maximumDepth else { return false }
            self.bits = self.bits << 1 | (isObject ? 1 : 0)
            self.depth += 1
            return true
        }

        mutating func close() {
            self.bits >>= 1
            self.depth -= 1
        }
    }

    /// Nesting beyond this is taken for none; the readers stop at half of it.
    package static let maximumDepth = 128

    /// Whether an object is all there is in `bytes` but white space.
    ///
    /// `visit` is called for the values down to `visitedDepth` in the order of the text; false from it ends the proof.
    /// `ended` is called for each member of the object itself, once its value was passed.
    package static func isObject(
        _ bytes: Span<UInt8>,
        visitedDepth: Int = 0,
        _ visit: (Value) -> Bool = { _ in true },
        ended: (JSONMemberWalk.Member) -> Void = { _ in }
    ) -> Bool {
        var nesting = Nesting()
        var name = 0..<0
        var member: (name: Range<Int>, start: Int)?
        var offset = JSONMemberWalk.skipWhitespace(bytes, 0)
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "{") else { return false }
        while offset < bytes.count {
            let first = bytes[offset]
            if nesting.depth == 1 { member = (name, offset) }
            if nesting.depth > 0, nesting.depth <= visitedDepth {
                guard visit(Value(depth: nesting.depth, name: name, first: first)) else { return false }
            }
            switch first {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let isObject = first == UInt8(ascii: "{")
                let close = isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")
                guard nesting.open(isObject: isObject) else { return false }
                offset = JSONMemberWalk.skipWhitespace(bytes, offset + 1)
                if offset >= bytes.count || bytes[offset] != close {
                    guard JSONProof.begin(bytes, isObject: isObject, &name, &offset) else { return false }
                    continue
                }
            default:
                guard let end = JSONProof.endOfScalar(bytes, offset) else { return false }
                offset = end
            }
            // A value has ended, and with it perhaps what holds it.
            var isNext = false
            while !isNext {
                if nesting.depth == 1, let ending = member {
                    ended(JSONMemberWalk.Member(name: ending.name, value: ending.start..<offset))
                    member = nil
                }
                offset = JSONMemberWalk.skipWhitespace(bytes, offset)
                guard nesting.depth > 0 else { return offset == bytes.count }
                guard offset < bytes.count else { return false }
                switch bytes[offset] {
                case UInt8(ascii: "}") where nesting.isInObject, UInt8(ascii: "]") where !nesting.isInObject:
                    nesting.close()
                    offset += 1
                case UInt8(ascii: ","):
                    offset = JSONMemberWalk.skipWhitespace(bytes, offset + 1)
                    guard JSONProof.begin(bytes, isObject: nesting.isInObject, &name, &offset) else { return false }
                    isNext = true
                default: return false
                }
            }
        }
        return false
    }

    /// Goes to where a value begins, in an object past its name.
    private static func begin(
        _ bytes: Span<UInt8>,
        isObject: Bool,
        _ name: inout Range<Int>,
        _ offset: inout Int
    ) -> Bool {
        guard isObject else {
            name = 0..<0
            return true
        }
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\""),
            let end = JSONProof.endOfString(bytes, offset + 1)
        else { return false }
        name = (offset + 1)..<(end - 1)
        offset = JSONMemberWalk.skipWhitespace(bytes, end)
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: ":") else { return false }
        offset = JSONMemberWalk.skipWhitespace(bytes, offset + 1)
        return true
    }

    /// The offset behind a string, number or word that begins at `start`; nil when there is none.
    private static func endOfScalar(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
        func end(of word: StaticString) -> Int? {
            let end = start + word.utf8CodeUnitCount
            return JSONMemberWalk.matches(bytes, start..<end, word) ? end : nil
        }
        switch bytes[start] {
        case UInt8(ascii: "\""): return JSONProof.endOfString(bytes, start + 1)
        case UInt8(ascii: "t"): return end(of: "true")
        case UInt8(ascii: "f"): return end(of: "false")
        case UInt8(ascii: "n"): return end(of: "null")
        default: return JSONProof.endOfNumber(bytes, start)
        }
    }

    /// The offset behind the quote that ends the string whose text begins at `start`.
    private static func endOfString(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
        var offset = start
        var hasEscapes = false
        while true {
            offset = JSONStringScan.endOfSimple(bytes, from: offset, hasEscapes: &hasEscapes)
            guard offset < bytes.count else { return nil }
            switch bytes[offset] {
            case UInt8(ascii: "\""): return offset + 1
            case UInt8(ascii: "\\"):
                // Escapes of two bytes were passed over.
                guard offset + 5 < bytes.count, bytes[offset + 1] == UInt8(ascii: "u") else { return nil }
                for place in (offset + 2)...(offset + 5) where !JSONProof.isHexadecimal(bytes[place]) { return nil }
                offset += 6
            default:
                guard bytes[offset] >= 0x80, let end = JSONStringScan.endOfCharacter(bytes, at: offset) else {
                    return nil
                }
                offset = end
            }
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
    }

    private static func endOfNumber(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
        func endOfDigits(_ start: Int) -> Int? {
            var offset = start
            while offset < bytes.count, bytes[offset] &- UInt8(ascii: "0") < 10 { offset += 1 }
            return offset > start ? offset : nil
        }
        func isAt(_ offset: Int, _ byte: UInt8) -> Bool { offset < bytes.count && bytes[offset] == byte }
        let whole = isAt(start, UInt8(ascii: "-")) ? start + 1 : start
        guard var end = endOfDigits(whole), end == whole + 1 || !isAt(whole, UInt8(ascii: "0")) else { return nil }
        if isAt(end, UInt8(ascii: ".")) {
            guard let fraction = endOfDigits(end + 1) else { return nil }
            end = fraction
        }
        if isAt(end, UInt8(ascii: "e")) || isAt(end, UInt8(ascii: "E")) {
            let hasSign = isAt(end + 1, UInt8(ascii: "+")) || isAt(end + 1, UInt8(ascii: "-"))
            guard let exponent = endOfDigits(end + (hasSign ? 2 : 1)) else { return nil }
            end = exponent
        }
        return end
    }
}
