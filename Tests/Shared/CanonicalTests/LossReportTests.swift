import Canonical
import Testing

@Suite struct LossReportTests {
    @Test func `a field is reported once, in the order of discovery`() {
        var report = LossReport()
        report.drop("seed")
        report.approximate("temperature")
        report.drop("seed")
        #expect(report.losses == [Loss("seed"), Loss("temperature", .approximated)])
        #expect(report.headerValue == "seed,temperature")
    }

    @Test func `an empty report says nothing`() {
        #expect(LossReport().isEmpty)
        #expect(LossReport().headerValue.isEmpty)
    }

    @Test func `parts are reported under the names that are given, each name once`() {
        var report = LossReport()
        report.drop("seed")
        report.approximate(.effort)
        report.drop(.cacheKey)
        report.drop(.reasoning)
        let named = report.named { part in
            switch part {
            case .effort: ["thinking"]
            case .reasoning: ["thinking", "output_config.effort"]
            default: []
            }
        }
        #expect(
            named.losses == [Loss("seed"), Loss("thinking", .approximated), Loss("output_config.effort", .dropped)]
        )
    }

    @Test(arguments: [
        ("a.b-c_D9", "a.b-c_D9"), ("messages[3]", "messages[3]"), ("a,b", "a_b"), ("a\r\nx-evil: 1", "a__x-evil__1"),
        ("é😀", "__"), ("a\u{0}b\u{7f}", "a_b_"), (" \t;=\"", "_____"), ("", ""),
    ])
    func `names have only letters that fit a header`(_ name: String, _ expected: String) {
        #expect(Loss(name).field == expected)
    }

    @Test func `a long name is cut`() {
        #expect(Loss(String(repeating: "é", count: 9_000)).field.utf8.count == Loss.maximumFieldLength)
        #expect(Loss(String(repeating: "a", count: 9_000)).field.utf8.count == Loss.maximumFieldLength)
    }

    @Test func `the header is bounded and counts what it leaves out`() {
        var report = LossReport()
        for index in 0..<100 { report.drop("member_with_a_long_name_\(index)") }
        let names = report.headerValue.split(separator: ",")
        #expect(report.headerValue.utf8.count <= LossReport.maximumHeaderLength)
        #expect(report.headerValue.utf8.count > LossReport.maximumHeaderLength - 40)
        #expect(names.last == "+\(100 - (names.count - 1))")
        #expect(names.first == "member_with_a_long_name_0")
    }

    @Test(arguments: 1_000...1_030)
    func `a header that fits to the last byte leaves nothing out`(_ length: Int) {
        var report = LossReport()
        for index in 0..<9 { report.drop("\(index)" + String(repeating: "a", count: 99)) }
        let rest = length - 9 * 101
        report.drop(String(repeating: "b", count: rest))
        let value = report.headerValue
        #expect(value.utf8.count <= LossReport.maximumHeaderLength)
        if length <= LossReport.maximumHeaderLength {
            #expect(value.utf8.count == length)
        } else {
            #expect(value.hasSuffix(",+1"))
        }
    }

    @Test func `more fields than can be told apart are neither kept nor looked through one by one`() {
        var report = LossReport()
        for index in 0..<200_000 { report.drop("messages.\(index)") }
        #expect(report.losses.count == LossReport.maximumCount)
        #expect(report.hasMore)
        #expect(report.headerValue.utf8.count <= LossReport.maximumHeaderLength)
        var whole = LossReport()
        whole.add(report)
        #expect(whole == report)
        #expect(whole.named { _ in [] }.hasMore)
    }

    @Test func `many fields that all fit still say that there were more`() {
        var report = LossReport()
        for index in 0...LossReport.maximumCount { report.drop("a\(index)") }
        #expect(report.headerValue.hasSuffix("a\(LossReport.maximumCount - 1),+1"))
    }
}
