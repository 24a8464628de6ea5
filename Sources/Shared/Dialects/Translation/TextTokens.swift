/// Estimates how many tokens a text has, in one pass and without a vocabulary.
///
/// The text is cut as the tokenizers of current models cut it before they look anything up: words with the mark or
/// space before them, up to three digits, marks with the line ends behind them, white space. What each cut costs on
/// average was measured with the vocabularies cl100k and o200k over English, code and JSON; `TokenEstimateTests`
/// holds texts with their true counts. For other scripts the two differ by a factor; the estimate is between them.
struct TextTokens: Sendable {
    private enum Run: Sendable {
        case start
        /// Small letters, or a capital and small letters behind it.
        case word
        /// Capitals only.
        case capitals
        case digits
        case marks
        /// Spaces and tabs.
        case spaces
        case lineEnds
        /// Characters outside ASCII, counted one by one.
        case other
    }

    private var run = Run.start
    private var length = 0
    /// The run before the current one.
    private var previous = Run.start
    private var lastMark: UInt8 = 0x20
    private var isOneMark = true
    /// The character whose bytes are being read, and how many are still to come.
    private var scalar: UInt32 = 0
    private var missingBytes = 0
    /// Hundredths of tokens.
    private var cost = 0

    static func estimate(_ text: String) -> Int {
        var tokens = TextTokens()
        tokens.add(text)
        return tokens.count
    }

    static func estimate(_ text: Span<UInt8>) -> Int {
        var tokens = TextTokens()
        tokens.add(text)
        return tokens.count
    }

    mutating func add(_ text: String) { self.add(text.utf8.span) }

    /// `bytes` are UTF-8.
    mutating func add(_ bytes: Span<UInt8>) {
        var offset = 0
        while offset < bytes.count {
            let start = offset
            let byte = bytes[offset]
            // Run by run: the loops are short, and what a run costs is looked up once.
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"):
                repeat { offset += 1 } while offset < bytes.count && bytes[offset] &- UInt8(ascii: "a") < 26
                self.addSmall(offset - start)
            case 0x20, 0x09:
                repeat { offset += 1 } while offset < bytes.count && (bytes[offset] == 0x20 || bytes[offset] == 0x09)
                self.extend(.spaces, by: offset - start)
            case 0x80...0xff:
                self.addPart(byte)
                offset += 1
            default:
                self.addASCII(byte)
                offset += 1
            }
        }
    }

    /// How many tokens what was added has, if nothing follows.
    var count: Int {
        var whole = self
        whole.begin(.start)
        return (whole.cost + 50) / 100
    }

    private mutating func addASCII(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): self.extend(.capitals)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self.extend(.digits)
        case 0x0a, 0x0d: self.extend(.lineEnds)
        case 0x21...0x7e:
            if self.run != .marks { self.isOneMark = true } else if byte != self.lastMark { self.isOneMark = false }
            self.extend(.marks)
            self.lastMark = byte
        default:
            self.extend(.other)
            self.cost += TextTokens.unknownCost
        }
    }

    /// Takes one byte of a character outside ASCII, which is counted with its last byte.
    private mutating func addPart(_ byte: UInt8) {
        switch byte {
        case 0x80...0xbf:
            self.scalar = self.scalar << 6 | UInt32(byte & 0x3f)
            self.missingBytes -= 1
        case 0xc0...0xdf: (self.scalar, self.missingBytes) = (UInt32(byte & 0x1f), 1)
        case 0xe0...0xef: (self.scalar, self.missingBytes) = (UInt32(byte & 0x0f), 2)
        default: (self.scalar, self.missingBytes) = (UInt32(byte & 0x07), 3)
        }
        guard self.missingBytes == 0 else { return }
        self.extend(.other)
        self.cost += TextTokens.cost(of: self.scalar)
    }

    private mutating func extend(_ run: Run, by count: Int = 1) {
        if self.run != run { self.begin(run) }
        self.length += count
    }

    private mutating func addSmall(_ count: Int) {
        guard self.run == .capitals else { return self.extend(.word, by: count) }
        if self.length == 1 {
            self.run = .word
        } else {
            // The last capital begins this word: `HTTPServer` is `HTTP` and `Server`.
            self.length -= 1
            self.begin(.word)
        }
        self.length = count + 1
    }

    /// Adds what the current run costs before the next one.
    private mutating func begin(_ next: Run) {
        switch self.run {
        case .start, .other: break
        case .word: self.cost += self.wordCost
        case .capitals: self.cost += 100 + max(0, self.length - 4) * 30
        case .digits: self.cost += (self.length + 2) / 3 * 100
        case .marks: self.cost += self.markCost(before: next)
        case .spaces: self.cost += self.spaceCost(before: next)
        // Marks take line ends behind them along.
        case .lineEnds: self.cost += self.previous == .marks ? 0 : 100
        }
        self.previous = self.run
        self.run = next
        self.length = 0
    }

    private var wordCost: Int {
        switch self.length {
        case ...4: 103
        case 5...7: 110
        case 8: 125
        case 9: 140
        default: 140 + (self.length - 9) * 15
        }
    }

    private func markCost(before next: Run) -> Int {
        switch self.length {
        case 1:
            // A word takes one mark before it along, unless a space stands before that.
            (next == .word || next == .capitals) && self.previous != .spaces ? 0 : 100
        case 2: 103
        case 3: self.isOneMark ? 100 : 112
        case 4: self.isOneMark ? 110 : 140
        default: self.isOneMark ? 100 + self.length * 4 : 175 + (self.length - 5) * 60
        }
    }

    private func spaceCost(before next: Run) -> Int {
        switch next {
        case .word, .capitals, .marks, .other: self.length > 1 ? 100 : 0
        case .digits: self.length > 1 ? 200 : 100
        case .start: 100
        case .lineEnds, .spaces: 0
        }
    }

    private static let unknownCost = 120

    private static func cost(of scalar: UInt32) -> Int {
        switch scalar {
        // Latin with accents: the word around it falls apart.
        case 0x00a1...0x024f: 70
        // Greek, Cyrillic, Armenian.
        case 0x0370...0x058f: 38
        // Hebrew to Georgian, scripts of India and Southeast Asia.
        case 0x0590...0x1fff: 70
        // Dashes, quotes, arrows, box drawing.
        case 0x2000...0x2bff: 105
        // Japanese syllables and punctuation.
        case 0x3000...0x30ff: 75
        case 0x3400...0x9fff: 95
        case 0xac00...0xd7af: 90
        case 0x10000...: 250
        default: TextTokens.unknownCost
        }
    }
}
