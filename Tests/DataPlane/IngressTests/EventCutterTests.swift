import NIOCore
import Testing

@testable import Ingress

/// Where events end, however their bytes arrive.
@Suite struct EventCutterTests {
    @Test(arguments: ["\n", "\r\n", "\r"])
    func `every cut of the bytes gives the same events`(_ lineEnd: String) {
        let events = ["data: a", ": c", "event: b\nid: 1\ndata: é", "data: x\ndata: y", ":"].map {
            "\($0)\n\n".replacing("\n", with: lineEnd)
        }
        let bytes = Array(events.joined().utf8)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                var cutter = EventCutter()
                var pending = ByteBuffer()
                var found: [String] = []
                for piece in [bytes[..<first], bytes[first..<second], bytes[second...]] {
                    pending.writeBytes(piece)
                    while let length = cutter.next(in: pending), let event = pending.readString(length: length) {
                        // The LF of a CR LF that was cut may stand at the front of the next event.
                        found.append(event.hasPrefix("\n") ? String(event.dropFirst()) : event)
                    }
                }
                let ends = found.map { $0.replacing("\r\n", with: "\n").replacing("\r", with: "\n") }
                #expect(ends == events.map { $0.replacing("\r\n", with: "\n").replacing("\r", with: "\n") })
            }
        }
    }
}
