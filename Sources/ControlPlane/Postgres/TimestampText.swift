/// The text of a `timestamptz` in the ISO date style and the UTC time zone, which every session is set to.
enum TimestampText {
    private static let dayMilliseconds: Int64 = 86_400_000

    /// `2026-01-31 23:59:59.123+00`; times outside the years 1 to 9999 become the nearest of these.
    static func format(milliseconds: Int64) -> String {
        let clamped = min(max(milliseconds, -62_135_596_800_000), 253_402_300_799_999)
        let (days, rest) = TimestampText.floorDivide(clamped, by: TimestampText.dayMilliseconds)
        let (year, month, day) = TimestampText.date(ofDay: days)
        let seconds = rest / 1000
        return TimestampText.padded(year, 4) + "-" + TimestampText.padded(month, 2) + "-"
            + TimestampText.padded(day, 2) + " " + TimestampText.padded(seconds / 3600, 2) + ":"
            + TimestampText.padded(seconds / 60 % 60, 2) + ":" + TimestampText.padded(seconds % 60, 2) + "."
            + TimestampText.padded(rest % 1000, 3) + "+00"
    }

    /// Milliseconds since 1970, finer parts cut off; nil for any other text, infinity and years before 1 among them.
    static func parse(_ text: String) -> Int64? {
        let parts = text.split(separator: " ")
        guard parts.count == 2, parts[1].hasSuffix("+00") else { return nil }
        let date = parts[0].split(separator: "-").map { Int64($0) }
        let clock = parts[1].dropLast(3).split(separator: ":")
        guard date.count == 3, clock.count == 3, let year = date[0], let month = date[1], let day = date[2],
            (1...9999).contains(year), (1...12).contains(month), (1...31).contains(day),
            let hour = Int64(clock[0]), let minute = Int64(clock[1]), (0...23).contains(hour),
            (0...59).contains(minute)
        else {
            return nil
        }
        let second = clock[2].split(separator: ".")
        guard (1...2).contains(second.count), let whole = Int64(second[0]), (0...60).contains(whole) else { return nil }
        var milliseconds: Int64 = 0
        if second.count == 2 {
            let digits = (second[1] + "000").prefix(3)
            guard let value = Int64(digits) else { return nil }
            milliseconds = value
        }
        let days = TimestampText.day(ofYear: year, month: month, day: day)
        return days * TimestampText.dayMilliseconds + (hour * 3600 + minute * 60 + whole) * 1000 + milliseconds
    }

    /// Days since 1970-01-01 of a date of the proleptic Gregorian calendar.
    ///
    /// Counts in eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
    private static func day(ofYear year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = TimestampText.floorDivide(shifted, by: 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(ofDay days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = TimestampText.floorDivide(days + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func floorDivide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
