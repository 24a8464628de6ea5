import Dialects
import Identity
import Testing

/// Fields of an event in every form that the format allows.
@Suite struct EventOutlineTests {
    /// What an event is taken for behind the start of a message.
    private func observation(_ event: String) -> StreamObservation {
        var watch = StreamWatch(.anthropicMessages, hidesUsage: false)
        let start = Array("data: {\"type\":\"message_start\",\"message\":{}}\n\n".utf8)
        _ = watch.observe(start.span)
        let bytes = Array(event.utf8)
        return watch.observe(bytes.span)
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func `fields are found behind any line end and in any order`(_ end: String) {
        for lines in [
            ["event: message_stop", "data: {}"], ["event:message_stop", "data:{}"],
            ["data: {}", "event: message_stop"],
            [": note", "event: message_stop", "id: 1", "retry: 2", "data: {}"],
            ["event: message_start", "event: message_stop", "data: {}"], ["", "event: message_stop", "data: {}"],
            ["events: message_start", "event: message_stop", "datas: x", "data: {}"],
            ["data:   {\"type\":\"message_stop\"}"], ["data: {\"index\":[{\"type\":1}], \"type\" : \"message_stop\" }"],
        ] {
            #expect(self.observation(lines.joined(separator: end) + end + end).isTerminal, "\(lines)")
        }
    }

    @Test func `what is no field is passed over`() {
        for lines in [
            "event : message_stop\ndata: {}", "Event: message_stop\ndata: {}", " event: message_stop\ndata: {}",
            "event: message_stop \ndata: {}", "event:  message_stop\ndata: {}", "event\ndata: {}",
            "event: message_stop",
            "event: message_stop\ndata", "event: message_stop\ndata:", "event: message_stop\n data: {}",
        ] {
            #expect(!self.observation("\(lines)\n\n").isTerminal, "\(lines)")
        }
    }
}
