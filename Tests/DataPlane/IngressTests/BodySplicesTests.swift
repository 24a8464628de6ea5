import Dialects
import Testing

@testable import Ingress

@Suite struct BodySplicesTests {
    private static func spliced(_ text: String, _ splices: [(Range<Int>, String)]) -> [String] {
        Array(text.utf8).pieces(splices.map { Splice(range: $0.0, replacement: Array($0.1.utf8)) })
            .map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `splices stand in the place of their ranges`() {
        #expect(BodySplicesTests.spliced("abcdef", []) == ["abcdef"])
        #expect(BodySplicesTests.spliced("abcdef", [(2..<4, "X")]) == ["ab", "X", "ef"])
        #expect(BodySplicesTests.spliced("abcdef", [(0..<0, "X"), (5..<6, "Y")]) == ["X", "abcde", "Y"])
        #expect(BodySplicesTests.spliced("abcdef", [(0..<6, "")]) == [])
        #expect(BodySplicesTests.spliced("abcdef", [(1..<2, "X"), (2..<3, "Y")]) == ["a", "X", "Y", "def"])
    }

    @Test func `a range outside the bytes is cut to what is there`() {
        #expect(BodySplicesTests.spliced("abc", [(2..<9, "X")]) == ["ab", "X"])
        #expect(BodySplicesTests.spliced("abc", [(7..<9, "X")]) == ["abc", "X"])
        #expect(BodySplicesTests.spliced("", [(0..<1, "X")]) == ["X"])
    }
}
