import Identity

/// A slug inside an envelope: its length in one byte, then its text.
enum SlugBytes {
    static func write(_ slug: Slug) -> [UInt8] {
        // A slug has 63 characters at most.
        [UInt8(truncatingIfNeeded: slug.text.utf8.count)] + slug.text.utf8
    }

    /// Takes a slug off the front; nil when there is none.
    static func read(_ bytes: inout ArraySlice<UInt8>) -> Slug? {
        guard let count = bytes.popFirst().map({ Int($0) }), bytes.count >= count else { return nil }
        defer { bytes.removeFirst(count) }
        return Slug(String(decoding: bytes.prefix(count), as: UTF8.self))
    }
}
