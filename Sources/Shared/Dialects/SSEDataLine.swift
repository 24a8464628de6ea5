import Wire

/// Finds the JSON of an event without taking the event apart.
enum SSEDataLine {
    /// The offset of the first byte of the first `data` field's value, nil when there is no such field.
    static func start(in event: Span<UInt8>) -> Int? {
        var line = 0
        while line < event.count {
            if line + 5 <= event.count, event[line] == UInt8(ascii: "d"), event[line + 1] == UInt8(ascii: "a"),
                event[line + 2] == UInt8(ascii: "t"), event[line + 3] == UInt8(ascii: "a"),
                event[line + 4] == UInt8(ascii: ":")
            {
                let value = line + 5
                return value < event.count && event[value] == 0x20 ? value + 1 : value
            }
            while line < event.count, event[line] != 0x0a, event[line] != 0x0d { line += 1 }
            while line < event.count, event[line] == 0x0a || event[line] == 0x0d { line += 1 }
        }
        return nil
    }

    /// Whether the value at `start` is `[DONE]`.
    static func isDone(_ event: Span<UInt8>, _ start: Int) -> Bool {
        JSONMemberWalk.matches(event, start..<min(start + 6, event.count), "[DONE]")
    }

    /// What the event is called: its `event` field, else the `type` member of its data.
    static func name(of event: Span<UInt8>) -> String? {
        let parsed = ServerSentEvent(lines: event)
        if let name = parsed.name, !name.isEmpty { return name }
        guard let data = parsed.data, let range = JSONMemberWalk.value(of: "type", in: data.span) else { return nil }
        return JSONMemberWalk.read(data.span, range)?.stringValue
    }
}
