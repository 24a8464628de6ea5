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
}
