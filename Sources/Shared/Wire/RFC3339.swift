/// Points in time as RFC 3339 text, to the millisecond.
package enum RFC3339 {
    /// Years 1970 to 9999 in milliseconds since 1970.
    package static let range = 0...253_402_300_799_999

    private static let millisecondsPerDay = 86_400_000

    /// `2026-01-31T12:00:00Z`, with three fractional digits unless they are zero.
    ///
    /// Times outside `range` are given as its nearer end.
    package static func format(_ milliseconds: Int) -> String {
        let time = min(max(milliseconds, RFC3339.range.lowerBound), RFC3339.range.upperBound)
        let date = RFC3339.date(ofDay: time / RFC3339.millisecondsPerDay)
        let rest = time % RFC3339.millisecondsPerDay
        let day = "\(pad(date.year, 4))-\(pad(date.month, 2))-\(pad(date.day, 2))"
        let clock = "\(pad(rest / 3_600_000, 2)):\(pad(rest / 60_000 % 60, 2)):\(pad(rest / 1000 % 60, 2))"
        return rest % 1000 == 0 ? "\(day)T\(clock)Z" : "\(day)T\(clock).\(pad(rest % 1000, 3))Z"
    }

    /// The UTC date as `20260131`.
    package static func compactDate(_ milliseconds: Int) -> String {
        let time = min(max(milliseconds, RFC3339.range.lowerBound), RFC3339.range.upperBound)
        let date = RFC3339.date(ofDay: time / RFC3339.millisecondsPerDay)
        return "\(pad(date.year, 4))\(pad(date.month, 2))\(pad(date.day, 2))"
    }

    /// Milliseconds since 1970; nil when the text is no RFC 3339 time within `range`.
    ///
    /// `T` and `Z` may be lower case, `T` a blank; a leap second counts as the second after it; digits beyond
    /// milliseconds are cut off.
    package static func parse(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard (20...40).contains(bytes.count) else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= bytes.count else { return nil }
            var value = 0
            for byte in bytes[range] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            return value
        }
        func holds(_ index: Int, _ allowed: String) -> Bool {
            index < bytes.count && allowed.utf8.contains(bytes[index])
        }
        guard let year = number(0..<4), holds(4, "-"), let month = number(5..<7), holds(7, "-"),
            let day = number(8..<10), holds(10, "Tt "), let hour = number(11..<13), holds(13, ":"),
            let minute = number(14..<16), holds(16, ":"), let second = number(17..<19)
        else { return nil }
        guard year >= 1970, (1...12).contains(month), (1...RFC3339.days(inMonth: month, of: year)).contains(day),
            hour <= 23, minute <= 59, second <= 60
        else { return nil }

        var index = 19
        var milliseconds = 0
        if holds(index, ".") {
            index += 1
            var scale = 100
            let start = index
            while index < bytes.count, (0x30...0x39).contains(bytes[index]) {
                milliseconds += Int(bytes[index] - 0x30) * scale
                scale /= 10
                index += 1
            }
            guard index > start else { return nil }
        }
        var offset = 0
        if holds(index, "Zz") {
            guard bytes.count == index + 1 else { return nil }
        } else {
            guard holds(index, "+-"), let hours = number(index + 1..<index + 3), holds(index + 3, ":"),
                let minutes = number(index + 4..<index + 6), bytes.count == index + 6, hours <= 23, minutes <= 59
            else { return nil }
            offset = (hours * 60 + minutes) * (bytes[index] == UInt8(ascii: "-") ? -1 : 1)
        }
        let seconds = RFC3339.day(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
        let time = (seconds - offset * 60) * 1000 + milliseconds
        return RFC3339.range.contains(time) ? time : nil
    }

    private static func pad(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    // Days since 1970-01-01 with the year begun in March, so that the leap day is its last: the months then
    // have 153 days in every five, and 146 097 days make 400 years.
    private static func day(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(ofDay day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
