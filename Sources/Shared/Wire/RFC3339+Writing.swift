/// The text form of a moment: `2026-11-23T05:41:00.123Z` (RFC 3339, always UTC, always milliseconds).
extension RFC3339 {
    /// The first and the last moment that four digits of a year can name; others are clamped to them.
    private static let writable = -62_167_219_200_000...253_402_300_799_999

    package static func text(millisecondsSince1970 milliseconds: Int) -> String {
        var bytes: [UInt8] = []
        RFC3339.append(millisecondsSince1970: milliseconds, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the 24 characters of the text.
    package static func append(millisecondsSince1970 milliseconds: Int, to bytes: inout [UInt8]) {
        let clamped = min(max(milliseconds, RFC3339.writable.lowerBound), RFC3339.writable.upperBound)
        let (days, time) = RFC3339.floorDivision(clamped, by: 86_400_000)
        let (year, month, day) = RFC3339.date(daysSince1970: days)
        RFC3339.append(year, digits: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        RFC3339.append(month, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        RFC3339.append(day, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        RFC3339.append(time / 3_600_000, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        RFC3339.append(time / 60_000 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        RFC3339.append(time / 1000 % 60, digits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        RFC3339.append(time % 1000, digits: 3, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// The date of the proleptic Gregorian calendar.
    ///
    /// Counted in eras of 400 years (146 097 days) that begin on 1 March of year 0, so that the leap day is the
    /// last of its year: the algorithm `civil_from_days` of Howard Hinnant's "chrono-Compatible Low-Level Date
    /// Algorithms".
    private static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = RFC3339.floorDivision(days + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
            month: month,
            day: dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        )
    }

    private static func floorDivision(_ value: Int, by divisor: Int) -> (quotient: Int, remainder: Int) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func append(_ value: Int, digits: Int, to bytes: inout [UInt8]) {
        if digits > 3 { bytes.append(RFC3339.digit(value / 1000)) }
        if digits > 2 { bytes.append(RFC3339.digit(value / 100)) }
        bytes.append(RFC3339.digit(value / 10))
        bytes.append(RFC3339.digit(value))
    }

    private static func digit(_ value: Int) -> UInt8 { UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10) }
}
