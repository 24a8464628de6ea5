/// Which members that matter occur in a Chat event, as far as one pass over its bytes can tell.
///
/// Most events are text deltas with none of them and need no further look. A word inside a string does not count
/// unless it is the whole string, as its quotes would be escaped; whoever acts on a word must look closer.
struct OpenAIChatWords: OptionSet, Sendable {
    let rawValue: UInt8

    /// `"usage"`.
    static let usage = OpenAIChatWords(rawValue: 1)
    /// `"error"`.
    static let error = OpenAIChatWords(rawValue: 2)
    /// `"finish_reason"` with a string behind it.
    static let finishReason = OpenAIChatWords(rawValue: 4)
    /// `"index"` with a number other than 0 behind it, of a choice or of a tool call.
    static let laterIndex = OpenAIChatWords(rawValue: 8)

    private static let usageWord = Array("\"usage\"".utf8)
    private static let errorWord = Array("\"error\"".utf8)
    private static let finishReasonWord = Array("\"finish_reason\"".utf8)
    private static let indexWord = Array("\"index\"".utf8)

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    init(_ event: Span<UInt8>) {
        var found: OpenAIChatWords = []
        var offset = 0
        let last = event.count - 1
        while offset < last {
            guard event[offset] == UInt8(ascii: "\"") else {
                offset += 1
                continue
            }
            switch event[offset + 1] {
            case UInt8(ascii: "u"):
                if OpenAIChatWords.occurs(OpenAIChatWords.usageWord, in: event, offset) { found.insert(.usage) }
            case UInt8(ascii: "e"):
                if OpenAIChatWords.occurs(OpenAIChatWords.errorWord, in: event, offset) { found.insert(.error) }
            case UInt8(ascii: "f"):
                if OpenAIChatWords.occurs(OpenAIChatWords.finishReasonWord, in: event, offset),
                    OpenAIChatWords.valueByte(event, offset + 15) == UInt8(ascii: "\"")
                {
                    found.insert(.finishReason)
                }
            case UInt8(ascii: "i"):
                if OpenAIChatWords.occurs(OpenAIChatWords.indexWord, in: event, offset),
                    let digit = OpenAIChatWords.valueByte(event, offset + 7), (0x31...0x39).contains(digit)
                {
                    found.insert(.laterIndex)
                }
            default: break
            }
            offset += 1
        }
        self = found
    }

    private static func occurs(_ word: [UInt8], in event: Span<UInt8>, _ start: Int) -> Bool {
        guard start + word.count <= event.count else { return false }
        for index in 0..<word.count where event[start + index] != word[index] { return false }
        return true
    }

    /// The first byte of the value behind a name that ends at `start`; nil when no colon follows.
    private static func valueByte(_ event: Span<UInt8>, _ start: Int) -> UInt8? {
        var offset = start
        var hasColon = false
        while offset < event.count {
            switch event[offset] {
            case 0x20, 0x09, 0x0a, 0x0d: break
            case UInt8(ascii: ":") where !hasColon: hasColon = true
            case let byte: return hasColon ? byte : nil
            }
            offset += 1
        }
        return nil
    }
}
