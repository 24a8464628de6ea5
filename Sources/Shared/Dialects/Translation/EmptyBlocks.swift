import Canonical
import Wire

/// Takes out what says nothing: Messages refuses empty text for good, as histories repeat it on every turn.
///
/// A cache breakpoint of a block that goes moves to the nearest block before it, which ends the same prefix.
struct EmptyBlocks {
    private(set) var turns: [Turn] = []
    private(set) var losses = LossReport()

    init(removedFrom turns: [Turn]) {
        for turn in turns { self.append(turn) }
    }

    /// What a tool that gave nothing back is said to have given.
    static let noOutput = "(no output)"

    private mutating func append(_ turn: Turn) {
        // Nearly every turn stays what it is.
        if !turn.blocks.isEmpty, turn.blocks.allSatisfy({ EmptyBlocks.isFull($0) }) {
            self.turns.append(turn)
            return
        }
        self.turns.append(Turn(turn.role, [], phase: turn.phase))
        for block in turn.blocks { self.append(block) }
        if self.turns.last?.blocks.isEmpty == true { self.turns.removeLast() }
    }

    /// Whether the block and all that is in it say something.
    static func isFull(_ block: Block) -> Bool {
        switch block {
        case .text(let text): !EmptyBlocks.isBlank(text.text)
        case .refusal(let text): !EmptyBlocks.isBlank(text)
        case .reasoning(let reasoning): !reasoning.isEmpty
        case .toolResult(let result):
            !result.blocks.isEmpty
                && result.blocks.allSatisfy {
                    if case .text(let text) = $0 { !EmptyBlocks.isBlank(text.text) } else { true }
                }
        case .image, .file, .toolCall, .hosted: true
        }
    }

    private mutating func append(_ block: Block) {
        switch block {
        case .text(let text):
            guard EmptyBlocks.isBlank(text.text) else { break }
            if let breakpoint = text.cacheControl { self.moveBack(breakpoint) }
            return
        case .refusal(let text):
            if EmptyBlocks.isBlank(text) { return }
        case .reasoning(let reasoning):
            if reasoning.isEmpty { return }
        case .toolResult(let result):
            self.push(.toolResult(EmptyBlocks.filled(result)))
            return
        case .image, .file, .toolCall, .hosted: break
        }
        self.push(block)
    }

    private mutating func push(_ block: Block) {
        guard let last = self.turns.indices.last else { return }
        self.turns[last].blocks.append(block)
    }

    private mutating func moveBack(_ breakpoint: JSONValue) {
        for turn in self.turns.indices.reversed() {
            for block in self.turns[turn].blocks.indices.reversed()
            where self.turns[turn].blocks[block].takeBreakpoint(breakpoint) {
                return
            }
        }
        self.losses.drop(.contentMarks)
    }

    private static func filled(_ result: ToolResult) -> ToolResult {
        var filled = result
        filled.blocks = []
        for block in result.blocks {
            if case .text(let text) = block, EmptyBlocks.isBlank(text.text) {
                filled.cacheControl = filled.cacheControl ?? text.cacheControl
            } else {
                filled.blocks.append(block)
            }
        }
        if filled.blocks.isEmpty { filled.blocks = [.text(TextBlock(EmptyBlocks.noOutput))] }
        return filled
    }

    static func isBlank(_ text: JSONText) -> Bool {
        // Nearly all texts say something with the first character that is none of the usual spaces, and the others (an
        // ideographic space begins many a paragraph) with their first few.
        guard let first = text.firstBehindSpace else { return true }
        return EmptyBlocks.isBlank(first) && EmptyBlocks.isBlank(text.beginning(64)) && EmptyBlocks.isBlank(text.string)
    }

    static func isBlank(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { EmptyBlocks.isBlank($0) }
    }

    private static func isBlank(_ character: Unicode.Scalar) -> Bool {
        // The table is for what is not seen at once.
        if (0x21...0x7e).contains(character.value) { return false }
        return character.properties.isWhitespace
    }
}

extension Block {
    /// Whether the block can carry a breakpoint; it keeps the one that it has.
    fileprivate mutating func takeBreakpoint(_ breakpoint: JSONValue) -> Bool {
        switch self {
        case .text(var text):
            text.cacheControl = text.cacheControl ?? breakpoint
            self = .text(text)
        case .image(var image):
            image.cacheControl = image.cacheControl ?? breakpoint
            self = .image(image)
        case .file(var file):
            file.cacheControl = file.cacheControl ?? breakpoint
            self = .file(file)
        case .toolResult(var result):
            result.cacheControl = result.cacheControl ?? breakpoint
            self = .toolResult(result)
        case .toolCall, .reasoning, .refusal, .hosted: return false
        }
        return true
    }
}

extension ReasoningBlock {
    /// Whether it neither says nor carries anything; a blob alone is something.
    var isEmpty: Bool {
        self.opaque == nil && (self.text ?? "").isEmpty && self.summary.allSatisfy { $0.isEmpty }
    }
}
