/// A table as Markdown, its first column text and the others numbers.
struct MarkdownTable {
    private var lines: [String]

    init(_ columns: [String]) {
        let rule = columns.indices.map { $0 == 0 ? "---" : "---:" }
        self.lines = [MarkdownTable.line(columns), MarkdownTable.line(rule)]
    }

    mutating func add(_ cells: [String]) { self.lines.append(MarkdownTable.line(cells)) }

    var text: String { self.lines.joined(separator: "\n") }

    private static func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

    /// A number with `digits` decimals, or a dash for none.
    static func number(_ value: Double?, _ digits: Int) -> String {
        guard let value, value.isFinite, abs(value) < 1e15 else { return "–" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((abs(value) * scale).rounded())
        let whole = scaled / Int(scale)
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(whole)" }
        let fraction = String(scaled % Int(scale))
        return "\(sign)\(whole)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}
