import Testing
import Wire

@Suite struct RetryAfterTests {
    @Test(
        arguments: [
            ("0", 0), ("5", 5), ("3600", 3600), ("3601", 3600), ("9223372036854775807", 3600),
            ("9223372036854775808", nil), ("-1", nil), ("", nil), (" 5", nil), ("1.5", nil), ("5s", nil),
            ("Wed, 21 Oct 2026 07:28:00 GMT", 60), ("Wed, 21 Oct 2026 07:27:00 GMT", 0),
            ("Sun, 06 Nov 1994 08:49:37 GMT", 0), ("Wed, 21 Oct 2037 07:28:00 GMT", 3600),
            ("Wednesday, 21-Oct-26 07:28:00 GMT", nil), ("Wed, 32 Oct 2026 07:28:00 GMT", nil),
            ("Wed, 21 Oct 2026 07:28:00 UTC", nil), ("٣", nil),
        ] as [(String, Int?)]
    )
    func `a wait is a number of seconds or lasts until a date, an hour at most`(_ value: String, _ seconds: Int?) {
        // 2026-10-21T07:27:00.001Z
        #expect(RetryAfter.seconds(value, now: 1_792_567_620_001) == seconds)
    }
}
