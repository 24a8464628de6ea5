import Wire

/// What the last user text tells the provider to do: the pairs of `[[demo key=value key=value]]`.
///
/// A key that nobody knows is passed over, so that a test can name its case in the text.
struct Directives: Hashable, Sendable {
    private var values: [String: String] = [:]

    init() {}

    /// Reads every `[[demo …]]` of `text`; a later pair replaces an earlier one of the same key.
    init(in text: String) {
        var rest = text[...]
        while let block = Directives.block(in: rest) {
            for pair in rest[block.content].split(whereSeparator: \.isWhitespace) {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard let key = parts.first else { continue }
                self.values[String(key)] = parts.count > 1 ? String(parts[1]) : "1"
            }
            rest = rest[block.whole.upperBound...]
        }
    }

    /// The directives as far as they are meant for `model`: with `on=NAME` they are for that model only.
    func meant(for model: String) -> Directives {
        self["on"].map { $0 == model } ?? true ? self : Directives()
    }

    /// `text` without its directives and without the white space around it.
    static func removed(from text: String) -> String {
        var kept = ""
        var rest = text[...]
        while let block = Directives.block(in: rest) {
            kept += rest[..<block.whole.lowerBound]
            rest = rest[block.whole.upperBound...]
        }
        kept += rest
        return Directives.trimmed(kept)
    }

    static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }

    private static func block(
        in text: Substring
    ) -> (whole: Range<Substring.Index>, content: Range<Substring.Index>)? {
        guard let open = text.firstRange(of: "[[demo"),
            let close = text[open.upperBound...].firstRange(of: "]]")
        else { return nil }
        return (open.lowerBound..<close.upperBound, open.upperBound..<close.lowerBound)
    }

    subscript(key: String) -> String? { self.values[key] }

    /// The value as a whole number of at least zero, at most `limit`; nil when absent or no number.
    func int(_ key: String, limit: Int = 1 << 30) -> Int? {
        self.values[key].flatMap(Int.init).map { min(max($0, 0), limit) }
    }

    /// The texts of a list whose parts are base64 and separated by commas; a part that is not base64 counts as empty.
    func texts(_ key: String) -> [String] {
        (self.values[key] ?? "").split(separator: ",").map { part in
            String(decoding: Base64.decode(String(part)) ?? [], as: UTF8.self)
        }
    }

    /// Whether the key is present with another value than `0`.
    func isSet(_ key: String) -> Bool { self.values[key].map { $0 != "0" } ?? false }
}
