/// Finds where server-sent events end in a stream that arrives in arbitrary pieces.
///
/// An event ends with a blank line; lines end with LF, CR LF or CR (WHATWG HTML §9.2.6). Only the state between
/// two bytes is kept, so any cut of the same stream gives the same boundaries.
package struct ServerSentEventBoundary: Sendable {
    private enum Position: Sendable {
        /// At the start of a line. A line end here is a blank line and ends the event.
        case lineStart
        /// Inside a line that has at least one byte.
        case insideLine
        /// After a CR that ended a line with bytes. An LF belongs to it.
        case afterLineCR
        /// After a CR that ended a blank line, and with it the event. An LF belongs to it.
        case afterBlankCR
    }

    private var position = Position.lineStart

    package init() {}

    /// Whether all bytes so far end exactly at the end of an event.
    package private(set) var isBetweenEvents = true

    /// The offset just behind the next event's blank line at or after `start`, or nil when it has not come yet.
    ///
    /// Bytes up to the returned offset, or all of them for nil, have been consumed and must not be passed again.
    /// An LF that belongs to a CR already counted is swallowed at the start of the next call.
    package mutating func next(in bytes: Span<UInt8>, from start: Int) -> Int? {
        var offset = start
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            switch self.position {
            case .insideLine:
                if byte == 0x0a {
                    self.position = .lineStart
                } else if byte == 0x0d {
                    self.position = .afterLineCR
                }
            case .lineStart, .afterLineCR:
                if byte == 0x0a {
                    if case .afterLineCR = self.position {
                        self.position = .lineStart
                        continue
                    }
                    self.isBetweenEvents = true
                    return offset
                }
                if byte == 0x0d {
                    self.position = .afterBlankCR
                    self.isBetweenEvents = true
                    // Take the LF of a CR LF along when it is already here, so that it never starts an event.
                    if offset < bytes.count, bytes[offset] == 0x0a {
                        offset += 1
                        self.position = .lineStart
                    }
                    return offset
                }
                self.position = .insideLine
                self.isBetweenEvents = false
            case .afterBlankCR:
                if byte == 0x0a {
                    self.position = .lineStart
                    continue
                }
                if byte == 0x0d {
                    self.isBetweenEvents = true
                    return offset
                }
                self.position = .insideLine
                self.isBetweenEvents = false
            }
        }
        return nil
    }
}
