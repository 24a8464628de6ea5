/// Text that looks like prose and code to a JSON reader: line ends, quotes and a few letters beyond ASCII.
struct FillerText {
    private static let words = [
        "the", "request", "returns", "value", "when", "state", "is", "open", "func", "guard", "let", "error", "index",
        "\"quoted\"", "naïve", "{\n", "}\n", "path/to/file", "= 0x1f;", "\\d+", "// note:", "\n\n", "\t", "stream",
    ]

    private var state: UInt64

    /// The same `seed` gives the same text.
    init(seed: UInt64) {
        self.state = seed
    }

    /// Words until there are at least `bytes` bytes.
    mutating func text(bytes: Int) -> String {
        var text = ""
        while text.utf8.count < bytes {
            // A linear congruential generator (Knuth, MMIX) is random enough for filler.
            self.state = self.state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text += FillerText.words[Int(self.state >> 33) % FillerText.words.count] + " "
        }
        return text
    }
}
