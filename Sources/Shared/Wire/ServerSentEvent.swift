/// One server-sent event: its name and its data, lines joined by LF (WHATWG HTML §9.2.6).
package struct ServerSentEvent: Hashable, Sendable {
    /// The last `event` field; nil when there is none.
    package var name: String?
    /// The `data` fields joined by LF; nil when there is none, as in an event of comments only.
    package var data: [UInt8]?

    package init(name: String? = nil, data: [UInt8]?) {
        self.name = name
        self.data = data
    }

    /// Reads the lines of one event; `id`, `retry`, comments and unknown fields are passed over.
    package init(lines bytes: Span<UInt8>) {
        var name: String?
        var data: [UInt8]?
        var seenData = false
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != 0x0a, bytes[end] != 0x0d { end += 1 }
            var colon = start
            while colon < end, bytes[colon] != UInt8(ascii: ":") { colon += 1 }
            var value = min(colon + 1, end)
            if value < end, bytes[value] == 0x20 { value += 1 }
            if Self.field(bytes, start, colon, is: "data") {
                var joined = data.take() ?? []
                if seenData { joined.append(0x0a) }
                joined.reserveCapacity(joined.count + end - value)
                for index in value..<end { joined.append(bytes[index]) }
                data = joined
                seenData = true
            } else if Self.field(bytes, start, colon, is: "event") {
                var text: [UInt8] = []
                for index in value..<end { text.append(bytes[index]) }
                name = String(decoding: text, as: UTF8.self)
            }
            start = end + 1
        }
        self.name = name
        self.data = data
    }

    /// The event as bytes, with its blank line; `name` must hold no line end.
    package static func encode(name: String? = nil, data: JSONValue) -> [UInt8] {
        var bytes: [UInt8] = []
        if let name { bytes.append(contentsOf: "event: \(name)\n".utf8) }
        bytes.append(contentsOf: "data: ".utf8)
        // A JSON text has no raw line end, so one data line is enough.
        JSONWriter.append(data, to: &bytes)
        bytes.append(contentsOf: "\n\n".utf8)
        return bytes
    }

    private static func field(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, is name: StaticString) -> Bool {
        let expected = "\(name)".utf8
        guard end - start == expected.count else { return false }
        var index = start
        for byte in expected {
            guard bytes[index] == byte else { return false }
            index += 1
        }
        return true
    }
}
