import Canonical
import Catalog
import Contract
import Dialects
import Identity
import Testing
import Validation
import Wire

@Suite("Probes")
struct ProbeTests {
    private static let code = "KX482913"

    private func verdict(
        _ asked: CapabilityCase,
        _ body: [UInt8],
        in dialect: Dialect = .openAIChat,
        status: Int = 200
    ) throws -> ProbeVerdict {
        ProbeAnswer(status: status, body: body, to: try ProbeFixture.request(asked, dialect)).verdict
    }

    @Test("every case is asked in every dialect, with room for the answer", arguments: Dialect.allCases)
    func written(dialect: Dialect) throws {
        for asked in CapabilityCase.allCases {
            let body = try ProbeFixture.request(asked, dialect).encoded.body
            #expect(body["model"]?.stringValue == "acme-large")
            let caps = ["max_tokens", "max_completion_tokens", "max_output_tokens"]
            let cap = caps.compactMap { body[$0]?.intValue }.first ?? 0
            #expect(asked == .maxTokensHonored ? cap == 16 : cap >= 512, "\(asked)")
            #expect(JSONWriter.text(body).contains("iVBORw0KGgo=") == asked.needsProof, "\(asked)")
            #expect(body["stream"] == (asked == .stream ? true : false))
        }
    }

    @Test("a picture in a tool's result stands in Chat where callers of Chat put it: in the tool's own message")
    func pictureInResult() throws {
        let body = try ProbeFixture.request(.imageInToolResult, .openAIChat).encoded.body
        let messages = try #require(body["messages"]?.arrayValue)
        #expect(messages.map { $0["role"]?.stringValue } == ["user", "assistant", "tool"])
        let parts = try #require(messages.last?["content"]?.arrayValue)
        #expect(parts.count == 1 && parts.first?["type"] == "image_url")
        #expect(parts.first?["image_url"]?["url"]?.stringValue?.hasPrefix("data:image/png;base64,iVBORw0KGgo=") == true)
        #expect(messages.last?["tool_call_id"] == messages[1]["tool_calls"]?.arrayValue?.first?["id"])
    }

    @Test("what is right passes and what is wrong fails, in every dialect", arguments: Dialect.allCases)
    func judged(dialect: Dialect) throws {
        let right = "{\"code\":\"KX482913\"}"
        let both = [(name: "measure_north", arguments: "{}"), (name: "measure_south", arguments: "{}")]
        func answer(
            _ text: String = "",
            _ calls: [(name: String, arguments: String)] = [],
            isCut: Bool = false,
            output: Int? = 5
        ) -> [UInt8] { ProbeFixture.answer(dialect, text, calls: calls, isCut: isCut, output: output) }
        let stories: [(CapabilityCase, [UInt8], ProbeVerdict)] = [
            (.text, answer("\"kx 482913\"."), .passed),
            (.text, answer("KX482914"), .failed(.wrongAnswer)),
            (.tools, answer("", [("record_code", right)]), .passed),
            (.tools, answer("I have recorded it."), .failed(.noToolCall)),
            (.forcedTool, answer("", [("another", right)]), .failed(.noToolCall)),
            (.forcedTool, answer("", [("record_code", "{\"code\":7}")]), .failed(.badArguments)),
            (.parallelTools, answer("", both), .passed),
            (.parallelTools, answer("", [both[0]]), .failed(.callsMissing)),
            (.toolResultTurn, answer("The code is KX482913"), .passed),
            (.structuredOutput, answer(right), .passed),
            (.structuredOutput, answer("```json\n\(right)\n```"), .failed(.badStructure)),
            (.imageInline, answer("First line: River Stone\nSecond line: lamp 2345678"), .passed),
            (.imageInline, answer("RIVER STONE LAMP 2345679"), .failed(.misread)),
            (.imageURL, answer("2345678 LAMP STONE RIVER"), .failed(.misread)),
            (.imageInToolResult, answer("I cannot see pictures."), .failed(.misread)),
            (.maxTokensHonored, answer("one, two, three", isCut: true, output: 16), .passed),
            (.maxTokensHonored, answer(String(repeating: "one, ", count: 90)), .failed(.capIgnored)),
            (.maxTokensHonored, answer("one, two", isCut: true, output: 300), .failed(.capIgnored)),
            (.usageReported, answer("KX482913", output: nil), .failed(.noUsage)),
            (.usageReported, answer("KX482913"), .passed),
            (.reasoning, answer("6"), .failed(.noReasoning)),
        ]
        for (asked, body, expected) in stories {
            let found = try self.verdict(asked, body, in: dialect)
            #expect(found == expected, "\(asked) \(String(decoding: body, as: UTF8.self))")
        }
        for (asked, body) in [(CapabilityCase.maxTokensHonored, answer("one")), (.text, answer("KX", isCut: true))] {
            guard case .inconclusive = try self.verdict(asked, body, in: dialect) else {
                Issue.record("\(asked) says something")
                continue
            }
        }
    }

    @Test("a stream is read to its end")
    func streams() throws {
        #expect(try self.verdict(.stream, ProbeFixture.chatStream("KX482913")) == .passed)
        #expect(try self.verdict(.stream, ProbeFixture.chatStream("KX482913", ends: false)) == .failed(.truncated))
        #expect(try self.verdict(.stream, ProbeFixture.answer(.openAIChat, Self.code)) == .failed(.truncated))
        let usage = try ProbeFixture.request(.usageReported, ask: 1)
        #expect(usage.isStreamed)
        #expect(ProbeAnswer(status: 200, body: ProbeFixture.chatStream("KX482913"), to: usage).verdict == .passed)
    }

    @Test("what no answer is, is a failure and no error", arguments: Dialect.allCases)
    func hostile(dialect: Dialect) throws {
        let bodies: [[UInt8]] = [
            [], Array("<html>it works</html>".utf8), [0xff, 0xfe, 0], Array("[]".utf8), Array("{}".utf8),
            Array(String(repeating: "[", count: 100_000).utf8), Array("{\"choices\":[{}],\"content\":7}".utf8),
            Array("{\"id\":\"\\u0000\",\"output\":\"x\"}".utf8),
        ]
        for body in bodies {
            for asked in [CapabilityCase.text, .imageInline] {
                #expect(try self.verdict(asked, body, in: dialect) == .failed(.garbage))
            }
            guard case .failed = try self.verdict(.stream, body, in: dialect) else {
                Issue.record("a stream of nothing is no failure")
                continue
            }
        }
        let long = Array(repeating: UInt8(ascii: " "), count: Probe.maximumAnswerBytes + 1)
        #expect(try self.verdict(.text, long, in: dialect) == .failed(.tooLarge))
    }

    @Test("a refused request is a failure, and a refused account is none")
    func statuses() throws {
        let refusal = Array("{\"error\":{\"message\":\"This model does not support image inputs.\"}}".utf8)
        for status in [400, 413, 415, 422] {
            #expect(try self.verdict(.imageInline, refusal, status: status) == .failed(.rejected))
        }
        let poor = Array("{\"error\":{\"message\":\"Your credit balance is too low to access the API.\"}}".utf8)
        for (status, body) in [(400, poor)] + [301, 401, 429, 500, 503, 529].map({ ($0, refusal) }) {
            guard case .inconclusive = try self.verdict(.imageInline, body, status: status) else {
                Issue.record("\(status) says something")
                continue
            }
        }
    }

    @Test("a model that is not there for pictures is a failure of theirs, one that is not there at all is none")
    func withdrawn() throws {
        func body(_ message: String) -> [UInt8] { Array("{\"error\":{\"message\":\"\(message)\"}}".utf8) }
        let withdrawn = body("No endpoints found that support image input")
        for status in [403, 404] {
            #expect(try self.verdict(.imageInline, withdrawn, status: status) == .failed(.rejected))
            let model = try ProbeFixture.model().upstreamModel
            for other in ["No such model: \(model)", "Not found", "The model `vision` does not exist"] {
                guard case .inconclusive = try self.verdict(.imageInline, body(other), status: status) else {
                    Issue.record("\(other) says something")
                    continue
                }
            }
            guard case .inconclusive = try self.verdict(.text, withdrawn, status: status) else {
                Issue.record("it says something of text")
                continue
            }
        }
    }

    @Test("what an answer costs is what it tells, and what is refused costs nothing")
    func costs() throws {
        let request = try ProbeFixture.request(.text, .openAIChat)
        func cost(_ status: Int, _ body: [UInt8]) -> Int { ProbeAnswer(status: status, body: body, to: request).cost }
        let told = ProbeAnswer(status: 200, body: ProbeFixture.answer(.openAIChat, Self.code, output: 5), to: request)
        #expect(told.cost == (told.usage.input ?? 0) + 5)
        #expect(cost(200, ProbeFixture.answer(.openAIChat, Self.code, output: nil)) == ProbeSpend.untold)
        let long = Array(repeating: UInt8(ascii: " "), count: Probe.maximumAnswerBytes + 1)
        #expect(cost(200, Array("<html>".utf8)) == ProbeSpend.untold && cost(200, long) == ProbeSpend.untold)
        for status in [301, 400, 401, 403, 404, 413, 422, 429, 500, 529] {
            #expect(cost(status, Array("{}".utf8)) == 0 && cost(status, long) == 0, "\(status)")
        }
    }

    @Test("two of three pictures are enough, one is not")
    func tally() {
        func outcome(_ verdicts: [ProbeVerdict], _ asked: CapabilityCase = .imageInline) -> ValidationOutcome {
            var tally = ProbeTally(asked)
            for verdict in verdicts where !tally.isDone { tally.add(ProbeAnswer(verdict, text: "x"), latency: 10) }
            return tally.outcome
        }
        let most = outcome([.passed, .failed(.misread), .passed])
        #expect(most.verdict == .passed && most.passes == 2 && most.attempts == 3 && most.latencyMilliseconds == 10)
        let least = outcome([.passed, .failed(.misread), .failed(.rejected)])
        #expect(least.verdict == .failed && least.passes == 1 && least.errorClass == "rejected")
        #expect(outcome([.passed, .inconclusive("busy")]).verdict == .notRun)
        #expect(outcome([.passed, .inconclusive("busy")]).reason == "busy")
        #expect(outcome([.passed, .passed, .inconclusive("busy")]).verdict == .passed)
        // Others have a second chance, and a failure two answers.
        #expect(outcome([.failed(.wrongAnswer), .passed], .text).verdict == .passed)
        #expect(outcome([.passed], .text).attempts == 1)
        #expect(outcome([.failed(.wrongAnswer), .failed(.garbage)], .text).attempts == 2)
        #expect(outcome([.failed(.wrongAnswer)], .text).verdict == .notRun)
        #expect(outcome([.passed, .failed(.noUsage)], .usageReported).verdict == .failed)
        #expect(outcome([.passed, .passed], .usageReported).verdict == .passed)
    }

    @Test("what a model says is shortened and cannot act on who reads it")
    func printable() throws {
        var tally = ProbeTally(.text)
        let hostile = "\u{1b}[31mred\u{202e}\0" + String(repeating: "e\u{301}", count: 5000)
        tally.add(ProbeAnswer(.failed(.wrongAnswer), text: hostile), latency: 1)
        let answer = try #require(tally.outcome.answer)
        #expect(answer.unicodeScalars.count == 500)
        #expect(answer.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202e}" })
    }

    @Test("a provider whose tokens are spent is asked again the next day")
    func spend() throws {
        let acme = try #require(Slug("acme"))
        let other = try #require(Slug("other"))
        var limit = SpendLimit(tokensPerDay: 100)
        let isFresh = limit.admits(acme, at: 86_400_000)
        #expect(isFresh)
        limit.charge(.max, to: acme)
        limit.charge(.max, to: acme)
        let isSpent = !limit.admits(acme, at: 86_400_001)
        let isOfOne = limit.admits(other, at: 86_400_001)
        let isOfADay = limit.admits(acme, at: 2 * 86_400_000)
        #expect(isSpent && isOfOne && isOfADay)
    }

    @Test("what others spent today counts, and what was spent yesterday does not")
    func storedSpend() throws {
        let acme = try #require(Slug("acme"))
        var limit = SpendLimit(tokensPerDay: 100)
        limit.note(ProbeSpend(day: 0, tokens: 100), of: acme, at: 86_400_000)
        let isOfYesterday = limit.admits(acme, at: 86_400_000)
        limit.charge(99, to: acme)
        limit.note(ProbeSpend(day: 1, tokens: 50), of: acme, at: 86_400_001)
        let isLess = limit.admits(acme, at: 86_400_001)
        limit.note(ProbeSpend(day: 1, tokens: 100), of: acme, at: 86_400_002)
        let isSpent = !limit.admits(acme, at: 86_400_002)
        #expect(isOfYesterday && isLess && isSpent)
    }
}
