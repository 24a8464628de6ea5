import Wire

/// The one text that an answer or a message has in Chat, joined from the blocks that it has elsewhere.
///
/// Blocks in a row are pieces of one text; what stood before and behind a call or a thought is kept apart by a
/// blank line.
struct OpenAIChatText: Hashable, Sendable {
    private(set) var text: JSONText = ""
    private var isInterrupted = false

    mutating func append(_ piece: JSONText) {
        guard !piece.isEmpty else { return }
        if self.isInterrupted, !self.text.isEmpty { self.text += "\n\n" }
        self.isInterrupted = false
        self.text += piece
    }

    /// Something else than text came.
    mutating func interrupt() { self.isInterrupted = true }
}
