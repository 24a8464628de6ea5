/// Where the words of a block of reasoning stand in the one text that all blocks of a message have in Chat.
///
/// Its maker refuses a blob whose words came back changed, so that each must find its own again. The place is told at
/// the end of the blob, as `~START+LENGTH` in bytes of UTF-8: clients know no member for it, and some leave out what they
/// do not know. The first blob of a message has no place when its words begin the text: they end where the place of the
/// next one does not reach, or with the text.
struct OpenAIChatReasoningPlace: Hashable, Sendable {
    /// What stands between the words of two blocks.
    static let separator = "\n\n"

    /// Where the words begin, or would if there were any.
    var start: Int
    var length: Int

    /// The place of what comes behind a text of so many bytes.
    init(behind bytes: Int, length: Int = 0) {
        self.start = bytes == 0 ? 0 : bytes + OpenAIChatReasoningPlace.separator.utf8.count
        self.length = length
    }

    private init?(_ text: Substring) {
        let numbers = text.split(separator: "+", omittingEmptySubsequences: false)
        guard numbers.count == 2, let start = Int(numbers[0]), let length = Int(numbers[1]), start >= 0, length >= 0,
            !start.addingReportingOverflow(length).overflow
        else { return nil }
        self.start = start
        self.length = length
    }

    var end: Int { self.start + self.length }

    /// Where the text before the words ends.
    var endBefore: Int { max(0, self.start - OpenAIChatReasoningPlace.separator.utf8.count) }

    /// Whether words can begin there.
    var isSound: Bool { OpenAIChatReasoningPlace(behind: self.endBefore).start == self.start }

    /// The blob with its place, for the detail of this number.
    func told(with blob: String, index: Int) -> String {
        index == 0 && self.start == 0 ? blob : "\(blob)~\(self.start)+\(self.length)"
    }

    /// A blob as it was before its place was told with it.
    static func split(_ data: String) -> (blob: String, place: OpenAIChatReasoningPlace?) {
        guard let mark = data.lastIndex(of: "~"),
            let place = OpenAIChatReasoningPlace(data[data.index(after: mark)...])
        else { return (data, nil) }
        return (String(data[..<mark]), place)
    }
}
