import GatewayTestSupport
import Testing

@testable import Dialects

@Suite struct StopScannerTests {
    private static func scan(_ pieces: [String], _ stops: [String]) -> (text: String, stop: String?) {
        var scanner = StopScanner(stops)
        var text = ""
        for piece in pieces {
            let (passed, stop) = scanner.scan(piece)
            text += passed
            if let stop { return (text, stop) }
        }
        return (text + scanner.flush(), nil)
    }

    /// By looking at every beginning of the text, as slowly as one can.
    private static func expected(_ text: String, _ stops: [String]) -> (text: String, stop: String?) {
        let characters = Array(text)
        for end in 0...characters.count {
            let beginning = String(characters[..<end])
            let complete = stops.filter { !$0.isEmpty && beginning.hasSuffix($0) }
            if let stop = complete.max(by: { $0.count < $1.count }) {
                return (String(beginning.dropLast(stop.count)), stop)
            }
        }
        return (text, nil)
    }

    @Test func `the text ends before the stop`() {
        #expect(StopScannerTests.scan(["one\nEND two"], ["END"]) == ("one\n", "END"))
        #expect(StopScannerTests.scan(["no stop here"], ["END", ""]) == ("no stop here", nil))
        #expect(StopScannerTests.scan(["no stops"], []) == ("no stops", nil))
    }

    @Test func `a stop over several pieces is found`() {
        #expect(StopScannerTests.scan(["a</", "sto", "p>b"], ["</stop>"]) == ("a", "</stop>"))
        #expect(StopScannerTests.scan(["größe🙂", "🙃x"], ["🙂🙃"]) == ("größe", "🙂🙃"))
    }

    @Test func `only what may be a beginning is held back`() {
        var scanner = StopScanner(["\n\nHuman:"])
        #expect(scanner.scan("hello\n").text == "hello")
        #expect(scanner.scan("there\n\nHu").text == "\nthere")
        #expect(scanner.scan("go").text == "\n\nHugo")
        #expect(scanner.flush() == "")
    }

    @Test func `a beginning at the end is text`() {
        #expect(StopScannerTests.scan(["tell me EN"], ["END"]) == ("tell me EN", nil))
    }

    @Test func `any text in any pieces gives what a slow search gives`() {
        var generator = SeededGenerator(seed: 11)
        let letters = ["a", "b", "ä"]
        func word(_ length: ClosedRange<Int>) -> String {
            (0..<Int.random(in: length, using: &generator))
                .map { _ in letters[Int.random(in: 0..<3, using: &generator)] }.joined()
        }
        for _ in 0..<3_000 {
            let stops = (0..<Int.random(in: 1...3, using: &generator)).map { _ in word(1...4) }
            let pieces = (0..<Int.random(in: 1...5, using: &generator)).map { _ in word(0...5) }
            let expected = StopScannerTests.expected(pieces.joined(), stops)
            #expect(StopScannerTests.scan(pieces, stops) == expected, "\(pieces) \(stops)")
        }
    }
}
