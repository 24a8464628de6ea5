import Canonical
import Dialects
import Wire

/// What an answer says, as far as every dialect can say it.
struct ToldAnswer: Hashable {
    struct Call: Hashable {
        let id: String
        let name: String
        let arguments: String
    }

    /// All texts and refusals, without the white space between them: dialects part them differently.
    let text: String
    let calls: [Call]
    let blobs: [String]
    /// Whether a cap ended it.
    let isCut: Bool
    /// Whether a provider paused a turn of its own tools, for which the OpenAI dialects have no word.
    let isPaused: Bool
    let isFiltered: Bool
    /// Filtered or declined: Messages has one word for both.
    let isWithheld: Bool
    let input: Int?
    let output: Int?

    /// What a provider's stream says; nil when it fails.
    init?(provider pair: TranslationPair) throws {
        var restoration = AnswerRestoration(
            try pair.request,
            requestID: pair.context.requestID,
            seal: TranslationPair.seal
        )
        let events = ReadStream.events(pair.fixture.bytes, pair.fixture.dialect)
        self.init(events.flatMap { restoration.restore($0) }, isCaller: false)
    }

    /// `isCaller`: the steps were read from what a caller got, where blobs are the caller's own.
    init?(_ events: [ModelEvent], isCaller: Bool) {
        guard let answer = ModelResponse(folding: events) else { return nil }
        self.init(answer, isCaller: isCaller)
    }

    init(_ answer: ModelResponse, isCaller: Bool) {
        var text = ""
        var calls: [Call] = []
        var blobs: [String] = []
        for block in answer.blocks {
            switch block {
            case .text(let block): text += block.text.string
            case .refusal(let refusal):
                // Messages says it twice, as text and as the reason of the end.
                if text != refusal { text += refusal }
            case .toolCall(let call):
                calls.append(
                    Call(
                        id: call.id,
                        name: call.name.name,
                        arguments: ToldAnswer.arguments(call)
                    )
                )
            case .reasoning(let reasoning):
                switch reasoning.opaque {
                case .native(_, let blob), .sealed(let blob): blobs.append(blob)
                case nil: break
                }
            case .image, .file, .toolResult, .hosted: break
            }
        }
        self.text = text.filter { !$0.isWhitespace }
        self.calls = calls
        self.blobs = blobs
        switch answer.stop {
        case .maximumTokens, .contextFull: (self.isCut, self.isFiltered, self.isWithheld) = (true, false, false)
        case .contentFilter: (self.isCut, self.isFiltered, self.isWithheld) = (false, true, true)
        case .refusal: (self.isCut, self.isFiltered, self.isWithheld) = (false, false, true)
        case .endTurn, .stopSequence, .toolCalls, .pause:
            (self.isCut, self.isFiltered, self.isWithheld) = (false, false, false)
        }
        self.isPaused = answer.stop == .pause
        self.input = answer.usage.input
        self.output = answer.usage.output
    }

    /// What is wrong with what a caller reads of this answer; empty when nothing is.
    func problems(ofReading read: ToldAnswer, in text: String) -> [String] {
        var problems: [String] = []
        // An answer that was declined without words gets some where a dialect needs them.
        if read.text != self.text, !(self.isWithheld && read.text.hasPrefix(self.text)) {
            problems.append("text: \(read.text) for \(self.text)")
        }
        if read.calls != self.calls { problems.append("calls: \(read.calls) for \(self.calls)") }
        if self.isFiltered, !read.isWithheld { problems.append("filter") }
        if read.isCut != self.isCut, !self.isPaused { problems.append("cut: \(read.isCut)") }
        // In Chat a blob may end with the place of its words.
        for blob in self.blobs where !text.contains("\"\(blob)\"") && !text.contains("\"\(blob)~") {
            problems.append("blob \(blob)")
        }
        return problems
    }

    /// Without the wrapping that a dialect without custom tools needs.
    private static func arguments(_ call: ToolCall) -> String {
        guard let value = try? JSONReader.read(Array(call.arguments.utf8)) else {
            return call.arguments.string
        }
        if let object = value.objectValue, object.memberNames == ["input"], let input = object["input"]?.stringValue {
            return input
        }
        return JSONWriter.text(value)
    }
}
