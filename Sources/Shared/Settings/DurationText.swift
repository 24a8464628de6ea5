/// Durations as settings write them: a whole number and its unit, `250ms`, `10s`, `5m`, `24h`, `7d`.
enum DurationText {
    /// The units and their milliseconds, the largest first.
    private static let units: [(name: String, milliseconds: Int)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    static func read(_ text: String) throws(SettingRefusal) -> Duration {
        let form = SettingRefusal("must be a whole number with a unit: 250ms, 10s, 5m, 24h or 7d")
        let digits = text.prefix { $0.isASCII && $0.isWholeNumber }
        let unit = text[digits.endIndex...]
        guard let count = Int(digits), let found = DurationText.units.first(where: { $0.name == unit }) else {
            throw form
        }
        let (milliseconds, overflow) = count.multipliedReportingOverflow(by: found.milliseconds)
        guard !overflow else { throw SettingRefusal("is too long a time") }
        return .milliseconds(milliseconds)
    }

    /// In the largest unit that leaves nothing over.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let (thousands, overflow) = Int(seconds).multipliedReportingOverflow(by: 1000)
        guard !overflow else { return "\(seconds)s" }
        let milliseconds = thousands + Int(attoseconds / 1_000_000_000_000_000)
        guard milliseconds != 0 else { return "0s" }
        for unit in DurationText.units where milliseconds.isMultiple(of: unit.milliseconds) {
            return "\(milliseconds / unit.milliseconds)\(unit.name)"
        }
        return "\(milliseconds)ms"
    }
}
