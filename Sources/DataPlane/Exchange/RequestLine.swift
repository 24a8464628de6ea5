/// The first line of a request that cannot be parsed, read leniently: its caller still has an envelope that it reads.
///
/// Decides nothing but the shape of the refusal.
package struct RequestLine: Hashable, Sendable {
    /// How much of a request's beginning is worth keeping for this, in bytes: three times the longest fixed path.
    package static let maximumBytes = 128

    package let method: String
    /// A path with its query, as far as the bytes go.
    package let target: String

    /// Nil when the bytes, which may end anywhere, do not begin with a word and a path behind it.
    package init?(_ bytes: Span<UInt8>) {
        let method = RequestLine.word(in: bytes, from: 0)
        var start = method.endIndex
        while start < bytes.count, bytes[start] == UInt8(ascii: " ") || bytes[start] == UInt8(ascii: "\t") {
            start += 1
        }
        let target = RequestLine.word(in: bytes, from: start)
        guard !method.text.isEmpty, start > method.endIndex, target.text.utf8.first == UInt8(ascii: "/") else {
            return nil
        }
        self.method = method.text
        self.target = target.text
    }

    /// The visible ASCII from `start` on, and where it ends.
    private static func word(in bytes: Span<UInt8>, from start: Int) -> (text: String, endIndex: Int) {
        var text = String.UnicodeScalarView()
        var index = start
        while index < bytes.count, (0x21...0x7e).contains(bytes[index]) {
            text.append(Unicode.Scalar(bytes[index]))
            index += 1
        }
        return (String(text), index)
    }
}
