import Canonical
import Dialects
import Exchange
import GatewayTestSupport
import Identity
import Testing

/// Every answer has exactly one end, whatever a provider does and whenever it stops.
@Suite struct RelayStateMachineTests {
    private static let fixtures = StreamFixture.all(
        in: FixtureFolder(named: "../../Shared/DialectsTests/Fixtures")
    )
    private static let stream = RelayedCaller.Input.head(200, "text/event-stream")

    /// What a provider of a dialect may send, one of each kind.
    private static func inputs(_ dialect: Dialect) -> [RelayedCaller.Input] {
        let events =
            switch dialect {
            case .openAIChat:
                [
                    "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n",
                    "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n",
                    "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":null}\n\n",
                    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\n", "data: [DONE]\n\n",
                    "data: {\"error\":{}}\n\n",
                ]
            case .openAIResponses:
                [
                    "data: {\"type\":\"response.created\"}\n\n", "data: {\"type\":\"response.output_text.delta\"}\n\n",
                    "data: {\"type\":\"response.completed\"}\n\n", "data: {\"type\":\"response.failed\"}\n\n",
                ]
            case .anthropicMessages:
                [
                    "data: {\"type\":\"message_start\"}\n\n", "data: {\"type\":\"content_block_delta\"}\n\n",
                    "data: {\"type\":\"message_stop\"}\n\n", "data: {\"type\":\"error\"}\n\n",
                ]
            }
        return [
            RelayStateMachineTests.stream, .head(200, "application/json"), .head(503, nil), .head(302, nil),
            .event(": ping\n\n"), .finished, .failed(.network), .holdExpired, .silent, .stop,
        ] + events.map { .event($0) }
    }

    @Test(arguments: Dialect.allCases, [true, false])
    func `no three inputs in any order tell two ends`(_ dialect: Dialect, _ isStream: Bool) {
        let inputs = RelayStateMachineTests.inputs(dialect)
        for first in inputs {
            for second in inputs {
                for third in inputs {
                    self.expectOneEnd([first, second, third], dialect, isStream: isStream)
                }
            }
        }
    }

    @Test(arguments: Dialect.allCases)
    func `no long run of inputs tells two ends`(_ dialect: Dialect) {
        let inputs = RelayStateMachineTests.inputs(dialect)
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<400 {
            let tail = (0..<10).compactMap { _ in inputs.randomElement(using: &generator) }
            self.expectOneEnd([RelayStateMachineTests.stream] + tail, dialect, isStream: true)
        }
    }

    private func expectOneEnd(_ inputs: [RelayedCaller.Input], _ dialect: Dialect, isStream: Bool) {
        var caller = RelayedCaller(dialect, isStream: isStream, hidesUsage: true)
        var isStopped = false
        for input in inputs + [.finished, .finished, .failed(.network), .event("data: {}\n\n")] {
            isStopped = isStopped || (input == .stop && caller.ends == 0)
            caller.take(input)
        }
        if caller.violations.isEmpty, caller.ends == (isStopped ? 0 : 1), caller.progress == .ended { return }
        Issue.record("\(inputs): \(caller.violations), \(caller.ends) ends")
    }

    @Test(arguments: RelayStateMachineTests.fixtures)
    func `a stream that stops after any event is ended once, in its dialect`(_ fixture: StreamFixture) {
        let events = String(decoding: fixture.bytes, as: UTF8.self).split(separator: "\n\n").map { "\($0)\n\n" }
        for count in 0...events.count {
            for stop in [RelayedCaller.Input.finished, .failed(.network), .failed(.timeout(.idle)), .stop] {
                for isLate in [false, true] {
                    var caller = RelayedCaller(fixture.dialect, hidesUsage: true)
                    caller.take(RelayStateMachineTests.stream)
                    if isLate { caller.take(.holdExpired) }
                    for event in events[..<count] { caller.take(.event(event)) }
                    caller.take(stop)
                    #expect(caller.violations.isEmpty)
                    let wasCut = stop == .stop && !caller.outcome.hasPrefix("finish")
                    #expect(caller.ends <= 1 && (caller.ends == 1 || stop == .stop))
                    let ends = self.ends(in: caller.text, fixture.dialect)
                    let isTold = !caller.outcome.hasPrefix("fail") && !caller.outcome.isEmpty
                    #expect(ends == (isTold ? 1 : 0) || wasCut, "\(count) \(stop): \(caller.outcome), \(ends) ends")
                }
            }
        }
    }

    /// How many events that end an answer a client finds.
    private func ends(in text: String, _ dialect: Dialect) -> Int {
        let markers: [String] =
            switch dialect {
            case .openAIChat: ["data: [DONE]", "data: {\"error\":"]
            case .openAIResponses:
                ["\"type\":\"response.completed\"", "\"type\":\"response.incomplete\"", "\"type\":\"response.failed\""]
            case .anthropicMessages: ["data: {\"type\":\"message_stop\"}", "data: {\"type\":\"error\""]
            }
        return markers.reduce(0) { $0 + text.split(separator: $1, omittingEmptySubsequences: false).count - 1 }
    }

    @Test(arguments: RelayStateMachineTests.fixtures)
    func `a whole stream is relayed to its end`(_ fixture: StreamFixture) {
        var caller = RelayedCaller(fixture.dialect)
        caller.take(RelayStateMachineTests.stream)
        for event in String(decoding: fixture.bytes, as: UTF8.self).split(separator: "\n\n") {
            caller.take(.event("\(event)\n\n"))
        }
        caller.take(.finished)
        let isBroken = fixture.name.hasPrefix("error")
        // It fails by a prompt that is too long: the request's fault, before anything of an answer.
        // The others say that they are overloaded.
        let broken = fixture.dialect == .openAIChat ? "break off reported" : "break off status-5xx"
        let end = fixture.name == "failed" ? "fail bad-request" : isBroken ? broken : "finish"
        #expect(caller.outcome == end)
    }

    @Test func `nothing is sent before an answer begins`() {
        for (event, outcome) in [
            ("data: {\"error\":{\"message\":\"x\"}}\n\n", "fail reported"), ("data: [DONE]\n\n", "fail garbage"),
            (": comment\n\n", "fail cut-short"), ("data: <html>\n\n", "fail garbage"),
        ] {
            var caller = RelayedCaller(.openAIChat)
            caller.take(RelayStateMachineTests.stream)
            caller.take(.event(event))
            caller.take(.finished)
            #expect(caller.outcome == outcome && caller.text.isEmpty && caller.violations.isEmpty)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `data that is no JSON breaks off an answer, and none of it is told`(_ dialect: Dialect) {
        let answers: [String] =
            switch dialect {
            case .openAIChat: ["{\"choices\":[{\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}"]
            case .openAIResponses: ["{\"type\":\"response.output_text.delta\"}"]
            case .anthropicMessages: ["{\"type\":\"message_start\"}", "{\"type\":\"content_block_delta\"}"]
            }
        for garbage in ["{\"choices\":[{\"del", "<html>canary</html>", "7", "null", "[]"] {
            var caller = RelayedCaller(dialect)
            caller.take(RelayStateMachineTests.stream)
            for answer in answers { caller.take(.event("data: \(answer)\n\n")) }
            let told = caller.text
            caller.take(.event("data: \(garbage)\n\n"))
            #expect(caller.outcome == "break off garbage" && caller.ends == 1)
            #expect(caller.text.hasPrefix(told))
            #expect(!caller.text.dropFirst(told.count).contains("data: \(garbage)"))
            #expect(self.ends(in: caller.text, dialect) == 1)
            caller.take(.finished)
            #expect(caller.violations.isEmpty && caller.ends == 1)
        }
    }

    @Test func `usage that comes first is hidden, and is no answer`() {
        var caller = RelayedCaller(.openAIChat, hidesUsage: true)
        caller.take(RelayStateMachineTests.stream)
        caller.take(.event("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":4}}\n\n"))
        #expect(caller.progress == .waiting && caller.text.isEmpty)
        #expect(caller.usage.input == 4)
    }

    @Test func `a stream that is held too long begins and may still fail in band`() {
        var caller = RelayedCaller(.openAIResponses)
        caller.take(RelayStateMachineTests.stream)
        caller.take(.holdExpired)
        #expect(caller.progress == .streaming)
        caller.take(.holdExpired)
        caller.take(.failed(.timeout(.firstByte)))
        #expect(caller.outcome == "break off timeout-first-byte" && caller.violations.isEmpty)
        #expect(caller.text.hasPrefix("event: response.failed\n"))
    }

    @Test func `comments and pings are no answer, before the hold has ended and behind it`() {
        for dialect in Dialect.allCases {
            var machine = RelayStateMachine(dialect: dialect, isStream: true, hidesUsage: false)
            _ = machine.head(status: 200, contentType: "text/event-stream", retryAfter: nil)
            let texts = [": keep-alive\n\n", "data:\n\n"]
            let comments = texts.map { Array($0.utf8) } + [StreamWatch.ping(dialect)]
            for comment in comments { #expect(machine.event(comment.span).action == .hold) }
            _ = machine.holdExpired()
            for comment in comments { #expect(machine.event(comment.span).action == .drop) }
            #expect(!machine.hasBegun)
            let first = Array("data: {\"type\":\"novelty\"}\n\n".utf8)
            #expect(machine.event(first.span).action == .forward(begins: false) && machine.hasBegun)
            for comment in comments { #expect(machine.event(comment.span).action == .forward(begins: false)) }
        }
    }

    @Test(arguments: [200, 500])
    func `white space is no beginning of a body`(_ status: Int) {
        var relay = RelayStateMachine(dialect: .openAIChat, isStream: false, hidesUsage: false)
        _ = relay.head(status: status, contentType: "application/json", retryAfter: nil)
        for piece in ["", " ", "\r\n\t "] {
            relay.gathered(Array(piece.utf8).span)
            #expect(!relay.hasBegun)
        }
        relay.gathered(Array(" {".utf8).span)
        #expect(relay.hasBegun)
    }

    @Test func `the hold ends only while a stream is held`() {
        for inputs in [[], [RelayedCaller.Input.head(200, "application/json")], [.head(500, nil)], [.stop]] {
            var caller = RelayedCaller(.openAIChat, isStream: false)
            for input in inputs { caller.take(input) }
            caller.take(.holdExpired)
            #expect(caller.progress != .streaming)
        }
    }

    @Test func `a connection that breaks behind the end breaks nothing`() {
        var whole = RelayedCaller(.openAIChat)
        whole.take(RelayStateMachineTests.stream)
        whole.take(.event("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"))
        whole.take(.failed(.network))
        #expect(whole.outcome == "finish" && whole.text.hasSuffix("data: [DONE]\n\n"))
    }

    @Test(
        arguments: [
            (true, 200, "text/event-stream", "relay"), (true, 200, "Text/Event-Stream; charset=utf-8", "relay"),
            (true, 200, "text/event-stream\t; charset=utf-8", "relay"), (false, 200, "application/json\t;x", "collect"),
            (true, 200, "text/event-stream;charset=utf-8", "relay"), (true, 206, "text/event-stream", "relay"),
            (true, 200, "application/json", "fail"), (true, 200, "text/html", "fail"), (true, 200, nil, "fail"),
            (true, 200, "text/event-streams", "fail"), (true, 200, "", "fail"),
            (false, 200, "application/json", "collect"), (false, 200, "application/json; charset=utf-8", "collect"),
            (false, 201, "application/vnd.api+json", "collect"), (false, 200, "text/event-stream", "fail"),
            (false, 200, "text/html", "fail"), (false, 200, nil, "fail"), (false, 200, "json", "fail"),
            (true, 301, nil, "fail"), (true, 307, "text/event-stream", "fail"),
            (false, 304, "application/json", "fail"),
            (true, 100, nil, "fail"), (true, 0, nil, "fail"), (true, -1, nil, "fail"), (true, Int.min, nil, "fail"),
            (true, 400, "text/html", "refusal"), (true, 429, nil, "refusal"),
            (false, 503, "application/json", "refusal"),
            (false, 999, nil, "refusal"), (false, Int.max, nil, "refusal"),
        ] as [(Bool, Int, String?, String)]
    )
    func `a head decides what its body is`(_ isStream: Bool, _ status: Int, _ type: String?, _ expected: String) {
        var machine = RelayStateMachine(dialect: .openAIChat, isStream: isStream, hidesUsage: false)
        let action = machine.head(status: status, contentType: type, retryAfter: nil)
        switch expected {
        case "relay": #expect(action == .relayEvents)
        case "collect": #expect(action == .collect(limit: RelayStateMachine.maximumAnswerBytes))
        case "refusal":
            #expect(action == .collect(limit: UpstreamRefusal.maximumBodyBytes))
            #expect(machine.upstreamFinished() == .refusal(status: status, retryAfter: nil))
        default:
            #expect(action == .fail(.garbage))
            #expect(machine.upstreamFinished() == .nothing)
        }
    }

    @Test(arguments: [["gzip"], ["identity", "br"], ["identity, gzip"]], [false, true])
    func `an answer in a coding is none, an error in one keeps its status`(_ encodings: [String], _ isStream: Bool) {
        func head(_ status: Int, _ encodings: [String]) -> RelayStateMachine.HeadAction {
            var machine = RelayStateMachine(dialect: .openAIChat, isStream: isStream, hidesUsage: false)
            let type = isStream && status == 200 ? "text/event-stream" : "application/json"
            return machine.head(status: status, contentType: type, contentEncodings: encodings, retryAfter: nil)
        }
        #expect(head(200, encodings) == .fail(.garbage))
        #expect(head(503, encodings) == .collect(limit: UpstreamRefusal.maximumBodyBytes))
        for plain in [["identity"], ["Identity"], [""], []] { #expect(head(200, plain) == head(200, [])) }
        #expect(head(200, []) != .fail(.garbage))
    }

    @Test func `an error's status stands, however its body ended`() {
        for ending in [RelayedCaller.Input.finished, .failed(.network), .failed(.timeout(.total))] {
            var caller = RelayedCaller(.anthropicMessages)
            caller.take(.head(529, "application/json"))
            caller.take(.event("event: message_start\ndata: {\"type\":\"message_start\"}\n\n"))
            caller.take(ending)
            #expect(caller.outcome == "refusal 529" && caller.violations.isEmpty)
        }
    }

    @Test func `a provider's wait is taken from the head`() {
        for seconds in [7, nil] as [Int?] {
            var machine = RelayStateMachine(dialect: .openAIChat, isStream: true, hidesUsage: false)
            _ = machine.head(status: 429, contentType: nil, retryAfter: seconds)
            #expect(machine.upstreamFinished() == .refusal(status: 429, retryAfter: seconds))
        }
    }

    @Test func `a transfer that ends before its head is a failure`() {
        var caller = RelayedCaller(.openAIChat)
        caller.take(.finished)
        #expect(caller.outcome == "fail garbage")
    }
}
