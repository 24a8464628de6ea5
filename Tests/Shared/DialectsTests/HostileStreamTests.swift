import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// Streams that are meant to break what reads them: none may trap, and none may take more than linear work.
@Suite struct HostileStreamTests {
    private static let error = CallerError(status: 502, code: "upstream-failed", message: "No.")

    @Test(arguments: StreamFixtureTests.fixtures)
    func `damaged streams are read to their end`(_ fixture: StreamFixture) throws {
        var generator = SeededGenerator(seed: 8)
        let spice = Array("{}[]\":,\\\n\r0 -e".utf8) + [0x00, 0x7f, 0xef, 0xbb, 0xbf, 0xff]
        for _ in 0..<12 {
            var bytes = fixture.bytes
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let offset = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: bytes[offset] = spice.randomElement(using: &generator) ?? 0
                case 1: bytes.insert(spice.randomElement(using: &generator) ?? 0, at: offset)
                case 2: bytes.removeSubrange(offset..<min(bytes.count, offset + 40))
                default: bytes.insert(contentsOf: bytes[offset..<min(bytes.count, offset + 60)], at: offset)
                }
                if bytes.isEmpty { bytes = [0x0a] }
            }
            for hidesUsage in [false, true] {
                var stream = WatchedStream(fixture.dialect, hidesUsage: hidesUsage)
                stream.feed(bytes[...])
                try FailureEventShape.check(
                    stream.watch.failureEvent(HostileStreamTests.error, requestID: "r"),
                    fixture.dialect
                )
                let terminals = stream.observations.filter(\.isTerminal).count
                #expect(terminals <= 1)
            }
        }
    }

    private static let size = 50_000

    @Test(arguments: Dialect.allCases)
    func `large events of any kind are looked at once`(_ dialect: Dialect) {
        let size = HostileStreamTests.size
        func many(_ text: String) -> String { String(repeating: text, count: size / text.utf8.count) }
        let bodies = [
            "{\"type\":\"x\",\"choices\":[{\"delta\":{\"content\":\"\(many("x"))\"}}]}",
            "{\(many("\"usage\":null,"))\"choices\":[]}",
            "{\(many("\"finish_reason\":\"stop\","))\"choices\":[]}",
            "{\(many("\"index\":  "))",
            "{\"choices\":\(many("["))",
            "{\"choices\":[\(many("{\"index\":1,\"finish_reason\":\"a\"},")){}]}",
            "{\"usage\":{\(many("\"a\":{"))",
            "{\"usage\":{\"prompt_tokens\":\(many("9"))}}",
            "{\"type\":\"response.completed\",\"response\":{\"usage\":{\"input_tokens\":0.\(many("1"))}}}",
            "{\"type\":\"\(many("é"))\"}",
            "{\"type\":\"response.created\",\"sequence_number\":\(many("9")),\"response\":{\"id\":\"\(many("\\\\"))\"}}",
            "{\"type\":\"message_start\",\"message\":{\"usage\":\(many("{\"a\":"))",
            many("\\"), many("\""), "\"" + many("\\\""), many("\n"), many("\r"), many("\ndata:"), many("data: {\n"),
            many("\nevent: error"),
        ]
        for body in bodies {
            let stream = WatchedStream(dialect, hidesUsage: true, events: ["data: \(body)\n\n"])
            #expect(stream.observations.count >= 1)
            #expect(stream.watch.failureEvent(HostileStreamTests.error, requestID: "r").count < 2000)
        }
    }
}
