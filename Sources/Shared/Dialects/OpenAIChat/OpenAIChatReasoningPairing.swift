import Canonical

/// The blobs of one message and the words that belong to each.
struct OpenAIChatReasoningPairing {
    private struct Blob {
        let opaque: OpaqueReasoning
        /// Nil where it cannot be told from outside.
        let kind: OpaqueReasoning.Kind?
        let place: OpenAIChatReasoningPlace?
    }

    private var blobs: [Blob] = []

    /// Takes the next blob as the caller has it.
    mutating func add(_ data: String, opaque: (String) -> OpaqueReasoning?) {
        let (blob, place) = OpenAIChatReasoningPlace.split(data)
        guard let opaque = opaque(blob) else { return }
        self.blobs.append(Blob(opaque: opaque, kind: ReasoningEnvelope.kind(of: blob), place: place))
    }

    /// The blocks that the message was made of; nil when it cannot be told which words belong to which signature.
    func blocks(text: String?, summary: [String]) -> [ReasoningBlock]? {
        guard summary.isEmpty else { return self.blocks(owner: ReasoningBlock(summary: summary, text: text)) }
        return self.placed(in: text ?? "") ?? self.blocks(owner: ReasoningBlock(text: text))
    }

    /// All words with one blob: the signed one, or else the first that can have words; nil with several signatures.
    private func blocks(owner: ReasoningBlock) -> [ReasoningBlock]? {
        let signatures = self.blobs.filter { $0.kind == .signature }.count
        if signatures > 1 {
            // Blobs that never had words go back as they are.
            let hadWords = self.blobs.contains { ($0.place?.end ?? 0) > 0 }
            guard owner.isEmpty, !hadWords else { return nil }
        }
        let place =
            self.blobs.firstIndex { $0.kind == .signature } ?? self.blobs.firstIndex { $0.kind != .redacted }
        var blocks = self.blobs.map { ReasoningBlock(opaque: $0.opaque) }
        if let place {
            blocks[place].summary = owner.summary
            blocks[place].text = owner.text
        } else if !owner.isEmpty {
            blocks.insert(owner, at: 0)
        }
        return blocks
    }

    /// Each blob with the words at its place, and others in between without one; nil when places are missing or do not
    /// fit the text.
    private func placed(in text: String) -> [ReasoningBlock]? {
        guard self.blobs.count > 1 || self.blobs.first?.place != nil else { return nil }
        var blocks: [ReasoningBlock] = []
        /// Where the words so far end.
        var end = 0
        func words(_ range: Range<Int>) -> String? {
            guard range.upperBound <= text.utf8.count else { return nil }
            let lower = text.utf8.index(text.startIndex, offsetBy: range.lowerBound)
            let upper = text.utf8.index(lower, offsetBy: range.count)
            guard lower.samePosition(in: text.unicodeScalars) != nil, upper.samePosition(in: text.unicodeScalars) != nil
            else { return nil }
            return String(text[lower..<upper])
        }
        /// What stands behind `end` and belongs to no blob.
        func pass(to next: Int) -> Bool {
            guard next > end else { return next == end }
            let start = OpenAIChatReasoningPlace(behind: end).start
            guard start <= next, separates(start), let between = words(start..<next) else { return false }
            blocks.append(ReasoningBlock(text: between))
            end = next
            return true
        }
        func separates(_ start: Int) -> Bool {
            start == end || words(end..<start) == OpenAIChatReasoningPlace.separator
        }
        for (index, blob) in self.blobs.enumerated() {
            let place: OpenAIChatReasoningPlace
            if let told = blob.place {
                place = told
            } else if index == 0, let next = self.blobs.dropFirst().first?.place {
                place = OpenAIChatReasoningPlace(behind: 0, length: next.endBefore)
            } else {
                return nil
            }
            guard place.isSound, pass(to: place.endBefore) else { return nil }
            guard place.length > 0 else {
                blocks.append(ReasoningBlock(opaque: blob.opaque))
                continue
            }
            guard separates(place.start), let own = words(place.start..<place.end) else { return nil }
            blocks.append(ReasoningBlock(text: own, opaque: blob.opaque))
            end = place.end
        }
        return pass(to: text.utf8.count) ? blocks : nil
    }
}
