import Wire
import Testing

@Suite struct RFC3339WritingTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"),
        (1, "1970-01-01T00:00:00.001Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_399_999, "2000-02-28T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (951_868_800_000, "2000-03-01T00:00:00.000Z"),
        (1_078_012_800_000, "2004-02-29T00:00:00.000Z"),
        (1_709_164_800_000, "2024-02-29T00:00:00.000Z"),
        (1_735_689_599_999, "2024-12-31T23:59:59.999Z"),
        (1_735_689_600_000, "2025-01-01T00:00:00.000Z"),
        (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (-2_203_891_200_000, "1900-03-01T00:00:00.000Z"),
        (-2_203_891_200_001, "1900-02-28T23:59:59.999Z"),
        (2_147_483_648_000, "2038-01-19T03:14:08.000Z"),
        (1_795_412_460_123, "2026-11-23T05:41:00.123Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (253_402_300_800_000, "9999-12-31T23:59:59.999Z"),
        (Int.max, "9999-12-31T23:59:59.999Z"),
        (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
        (Int.min, "0000-01-01T00:00:00.000Z"),
    ])
    func `a moment has its text`(_ milliseconds: Int, _ text: String) {
        #expect(RFC3339.text(millisecondsSince1970: milliseconds) == text)
    }

    @Test func `days follow each other as in the calendar from 1600 to 2400`() {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var day = -135_140
        for year in 1600..<2400 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for (month, length) in lengths.enumerated() {
                for date in 1...(month == 1 && isLeap ? 29 : length) {
                    func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
                    let text = RFC3339.text(millisecondsSince1970: day * 86_400_000)
                    guard text == "\(year)-\(padded(month + 1))-\(padded(date))T00:00:00.000Z" else {
                        Issue.record("\(year)-\(month + 1)-\(date) became \(text)")
                        return
                    }
                    day += 1
                }
            }
        }
    }
}
