/// Finds a short text in bytes.
package enum ByteSearch {
    /// The offset of the first occurrence of `text` at or after `start`, nil when there is none.
    package static func first(_ text: StaticString, in bytes: Span<UInt8>, from start: Int = 0) -> Int? {
        let pattern = Array("\(text)".utf8)
        guard let first = pattern.first, bytes.count >= pattern.count else { return nil }
        var offset = start
        let last = bytes.count - pattern.count
        outer: while offset <= last {
            guard bytes[offset] == first else {
                offset += 1
                continue
            }
            var index = 1
            while index < pattern.count {
                guard bytes[offset + index] == pattern[index] else {
                    offset += 1
                    continue outer
                }
                index += 1
            }
            return offset
        }
        return nil
    }

    package static func contains(_ text: StaticString, in bytes: Span<UInt8>) -> Bool {
        ByteSearch.first(text, in: bytes) != nil
    }
}
