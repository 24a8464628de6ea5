import Wire
import Testing

struct RFC3339Tests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2000-02-29T12:34:56Z", 951_827_696_000),
        ("2026-11-23T05:55:56.123Z", 1_795_413_356_123),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999), ("2024-12-31T23:59:59Z", 1_735_689_599_000),
    ])
    func `a time is written and read back`(text: String, milliseconds: Int) {
        #expect(RFC3339.parse(text) == milliseconds)
        #expect(RFC3339.format(milliseconds) == text)
    }

    @Test(arguments: [
        ("2026-01-01T01:00:00+01:00", "2026-01-01T00:00:00Z"), ("2026-01-01t00:00:00z", "2026-01-01T00:00:00Z"),
        ("2025-12-31T19:30:00-04:30", "2026-01-01T00:00:00Z"),
        ("2026-01-01 00:00:00.1239999Z", "2026-01-01T00:00:00.123Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
    ])
    func `other ways to write a time mean the same`(text: String, canonical: String) {
        #expect(RFC3339.parse(text).map(RFC3339.format) == canonical)
    }

    @Test(arguments: [
        "", "2026-01-01", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
        "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00+25:00", "2026-01-01T00:00:00Zx", "1969-12-31T23:59:59Z", "2026-01-01T00:00:00+1:00",
        "2026-01-01T00:00:00.12345678901234567890123456789012345Z", "٢٠٢٦-01-01T00:00:00Z",
    ])
    func `what is no time is refused`(text: String) {
        #expect(RFC3339.parse(text) == nil)
    }

    @Test func `every day of four centuries survives`() {
        for day in stride(from: 0, to: 146_097 * 2, by: 13) {
            let time = day * 86_400_000
            #expect(RFC3339.parse(RFC3339.format(time)) == time)
        }
    }

    @Test func `extremes do not trap`() {
        #expect(RFC3339.format(.min) == "1970-01-01T00:00:00Z")
        #expect(RFC3339.format(.max) == "9999-12-31T23:59:59.999Z")
        #expect(RFC3339.compactDate(951_827_696_000) == "20000229")
    }
}
