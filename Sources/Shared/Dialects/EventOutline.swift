import Identity
import Wire

/// Where the fields of one server-sent event stand in its bytes, found in one pass without taking it apart.
struct EventOutline: Sendable {
    /// The value of the first `data` field, up to its line end; nil when there is none.
    private(set) var data: Range<Int>?
    /// The value of the last `event` field.
    private(set) var name: Range<Int>?
    /// More than one means that the value of `data` is only a part.
    private(set) var dataFieldCount = 0

    init(_ event: Span<UInt8>) {
        var line = 0
        while line < event.count {
            var end = line
            while end < event.count, event[end] != 0x0a, event[end] != 0x0d { end += 1 }
            if end > line {
                if let value = EventOutline.value(of: EventOutline.dataField, in: event, line..<end) {
                    self.dataFieldCount += 1
                    if self.data == nil { self.data = value }
                } else if let value = EventOutline.value(of: EventOutline.eventField, in: event, line..<end) {
                    self.name = value
                }
            }
            line = end + 1
        }
    }

    private static let dataField = Array("data:".utf8)
    private static let eventField = Array("event:".utf8)
    private static let typeMember = Array("{\"type\":\"".utf8)
    private static let errorName = Array("error".utf8)

    /// The value of the field that the line holds when it holds this one; one space behind the colon is not part
    /// of it.
    private static func value(of field: [UInt8], in event: Span<UInt8>, _ line: Range<Int>) -> Range<Int>? {
        let colon = line.lowerBound + field.count
        guard colon <= line.upperBound, JSONMemberWalk.matches(event, line.lowerBound..<colon, field) else {
            return nil
        }
        let hasSpace = colon < line.upperBound && event[colon] == 0x20
        return (hasSpace ? colon + 1 : colon)..<line.upperBound
    }

    /// Where the JSON object of the data begins; nil when the data is none.
    func object(in event: Span<UInt8>) -> Int? {
        guard let data = self.data else { return nil }
        for offset in data where event[offset] != 0x20 && event[offset] != 0x09 {
            return event[offset] == UInt8(ascii: "{") ? offset : nil
        }
        return nil
    }

    /// Whether the data is `[DONE]`, with any white space before and anything behind it, as clients read it.
    func isDone(in event: Span<UInt8>) -> Bool {
        guard let data = self.data else { return false }
        for offset in data where event[offset] != 0x20 && event[offset] != 0x09 {
            return JSONMemberWalk.matches(event, offset..<min(offset + 6, data.upperBound), "[DONE]")
        }
        return false
    }

    /// Whether the data is none that the dialect has: it must be one JSON object of its types, as it is where events
    /// are read, or `[DONE]`.
    ///
    /// An event without data says nothing and is no garbage.
    func isGarbage(in event: Span<UInt8>, _ dialect: Dialect) -> Bool {
        guard let object = self.object(in: event), let data = self.data else {
            let isBlank = self.data.map { $0.allSatisfy { event[$0] == 0x20 || event[$0] == 0x09 } } ?? true
            return !isBlank && !self.isDone(in: event)
        }
        let bytes = event.extracting(data)
        var shape = EventShape(dialect, self, event, object: object)
        return !JSONProof.isObject(bytes, visitedDepth: shape.visitedDepth) { shape.take($0, in: bytes) }
    }

    /// What kind of event it is: the `type` member of the object at `object`, else the event's name.
    ///
    /// Clients tell events apart by the member; the name decides whether they look at the event at all.
    func kind(in event: Span<UInt8>, object: Int) -> Range<Int>? {
        // Nearly every provider writes it first and without spaces.
        let start = object + EventOutline.typeMember.count
        if start <= event.count, JSONMemberWalk.matches(event, object..<start, EventOutline.typeMember) {
            var end = start
            while end < event.count, event[end] != UInt8(ascii: "\""), event[end] != UInt8(ascii: "\\") { end += 1 }
            if end < event.count, event[end] == UInt8(ascii: "\"") { return start..<end }
        }
        if let type = JSONMemberWalk.value(of: "type", in: event, from: object), type.count > 2,
            event[type.lowerBound] == UInt8(ascii: "\"")
        {
            return (type.lowerBound + 1)..<(type.upperBound - 1)
        }
        return self.name
    }

    /// Whether the event is called `error`.
    func isNamedError(in event: Span<UInt8>) -> Bool {
        self.name.map { JSONMemberWalk.matches(event, $0, EventOutline.errorName) } ?? false
    }

    /// The same event with its data in one field, for an event that has several.
    ///
    /// Where the lines met there is a tab: between values of JSON both are white space, and inside a string neither may
    /// stand.
    static func joined(_ event: Span<UInt8>) -> [UInt8] {
        let parts = ServerSentEvent(lines: event)
        var bytes: [UInt8] = []
        if let name = parts.name { bytes.append(contentsOf: "event: \(name)\n".utf8) }
        bytes.append(contentsOf: "data: ".utf8)
        for byte in parts.data ?? [] { bytes.append(byte == 0x0a ? 0x09 : byte) }
        bytes.append(contentsOf: "\n\n".utf8)
        return bytes
    }
}
