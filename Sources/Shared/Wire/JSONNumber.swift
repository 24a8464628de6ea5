/// A JSON number, kept as the text that was written, so that nothing is rounded on the way through.
package struct JSONNumber: Hashable, Sendable {
    package let text: String

    package init(_ value: Int) {
        self.text = String(value)
    }

    /// A finite value in the shortest text that reads back as the same value; nil for NaN and infinities.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        // The standard library writes `1e+20` and `5e-324`, both of which are JSON; `1.0` stays `1.0`.
        self.text = "\(value)"
    }

    /// For text that a reader has already checked against the grammar.
    init(checked text: String) {
        self.text = text
    }

    /// The value when it is a whole number that fits; `1.0` and `1e3` count as whole.
    package var int: Int? {
        if let value = Int(self.text) { return value }
        guard let value = Double(self.text), abs(value) < 9_007_199_254_740_992 else { return nil }
        return Int(exactly: value)
    }

    package var double: Double? { Double(self.text) }
}
