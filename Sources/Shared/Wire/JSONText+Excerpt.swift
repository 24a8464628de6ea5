extension JSONText {
    /// A piece of a text: its characters as UTF-8, and how much of the text's `count` it is.
    package struct Excerpt: Hashable, Sendable {
        package var utf8: [UInt8]
        package var count: Int
    }

    /// About `length` bytes from `offset` on, both as `count` counts them: whole characters only, and no part of an
    /// escape.
    ///
    /// The text before `offset` is not walked. Nil when nothing is there, or no place where a character begins for
    /// certain, as among nothing but backslashes.
    package func excerpt(from offset: Int, length: Int) -> Excerpt? {
        if let written = self.written {
            let string = written.span
            guard let range = JSONText.range(in: string, from: offset, length: length, JSONText.isBoundary) else {
                return nil
            }
            var utf8: [UInt8] = []
            JSONEscape.decode(string, range, into: &utf8)
            return Excerpt(utf8: utf8, count: range.count)
        }
        let string = self.string
        let bytes = string.utf8Span.span
        guard
            let range = JSONText.range(
                in: bytes,
                from: offset,
                length: length,
                { bytes, place in place == bytes.count || bytes[place] & 0xc0 != 0x80 }
            )
        else { return nil }
        var utf8: [UInt8] = []
        JSONWriter.append(bytes.extracting(range), to: &utf8)
        return Excerpt(utf8: utf8, count: range.count)
    }

    /// Moves both ends of a piece on to places where one character ends and the next begins.
    private static func range(
        in bytes: Span<UInt8>,
        from offset: Int,
        length: Int,
        _ isBoundary: (Span<UInt8>, Int) -> Bool
    ) -> Range<Int>? {
        guard offset >= 0, length > 0, offset < bytes.count else { return nil }
        var start = offset
        while start < bytes.count, !isBoundary(bytes, start) { start += 1 }
        var end = start + min(length, bytes.count - start)
        while end < bytes.count, !isBoundary(bytes, end) { end += 1 }
        return start < end ? start..<end : nil
    }

    /// Whether a character begins at `place` of a written string, as far as the few bytes around it can tell.
    private static func isBoundary(_ string: Span<UInt8>, _ place: Int) -> Bool {
        guard place > 0, place < string.count else { return true }
        guard string[place] != UInt8(ascii: "\\") else {
            // The second of two backslashes may belong to the first. Behind any other byte one begins an escape, and a
            // character, unless that is the second half of a surrogate pair.
            guard string[place - 1] != UInt8(ascii: "\\") else { return false }
            return (try? JSONEscape.read(string, at: place)) != nil
        }
        // Escapes are at most six bytes long.
        for before in max(0, place - 5)..<place where string[before] == UInt8(ascii: "\\") { return false }
        return string[place] & 0xc0 != 0x80
    }
}
