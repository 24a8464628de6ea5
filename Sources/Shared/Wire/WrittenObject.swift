/// A JSON object as it was written, a part of the bytes that it stands in; only of a text that was found right.
///
/// A class, so that an object of either kind is one word, as most are of the other.
final class WrittenObject: Sendable {
    private let range: Range<Int>
    private let bytes: [UInt8]

    /// From the opening brace to behind the closing one; a place outside the bytes is cut to what is there.
    init(_ range: Range<Int>, of bytes: [UInt8]) {
        self.range = range.clamped(to: bytes.indices)
        self.bytes = bytes
    }

    /// Its members, read now; none of what is no object after all.
    var entries: [JSONObject.Entry] { (try? JSONReader.entries(of: self.range, in: self.bytes)) ?? [] }

    /// The same object, sharing nothing with the bytes that it stands in.
    var detached: WrittenObject {
        WrittenObject(0..<self.range.count, of: Array(self.bytes[self.range]))
    }

    func append(to output: inout JSONOutput) {
        output.append(self.range, of: self.bytes)
    }
}
