/// Numbers of bytes as settings write them: `512B`, `64KiB`, `8MiB`, `1GiB`, or digits alone.
enum ByteCountText {
    /// The units and their bytes, the largest first.
    private static let units: [(name: String, bytes: Int)] = [
        ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1), ("", 1),
    ]

    static func read(_ text: String) throws(SettingRefusal) -> Int {
        // `MB` is refused, not guessed: to some it is 1 000 000 bytes, to others 1 048 576.
        let form = SettingRefusal("must be a whole number of bytes with B, KiB, MiB or GiB behind it, such as 64MiB")
        let digits = text.prefix { $0.isASCII && $0.isWholeNumber }
        let unit = text[digits.endIndex...]
        guard let count = Int(digits), let found = ByteCountText.units.first(where: { $0.name == unit }) else {
            throw form
        }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: found.bytes)
        guard !overflow else { throw SettingRefusal("is too many bytes") }
        return bytes
    }

    /// In the largest unit that leaves nothing over.
    static func text(_ count: Int) -> String {
        guard count != 0 else { return "0B" }
        for unit in ByteCountText.units where count.isMultiple(of: unit.bytes) {
            return "\(count / unit.bytes)\(unit.name)"
        }
        return "\(count)B"
    }
}
