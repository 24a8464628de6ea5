import Canonical
import Identity
import Wire

/// Watches a Chat Completions stream: data-only events, `[DONE]` at the end.
struct OpenAIChatStreamWatch: Sendable {
    private let hidesUsage: Bool
    private var hasChunk = false
    /// Whether a chunk had something of the answer: those behind it are not asked.
    private var hasAnswered = false
    private var isDone = false
    /// The indices of the choices that told their finish reason, and of those that were seen; the first one is
    /// there even when it was not.
    private var finished: Set<Int> = []
    private var seen: Set<Int> = []
    private(set) var usage = TokenUsage()

    /// More choices than any provider makes; what comes beyond is not told apart.
    private static let maximumChoices = 256
    private static let done = Array("data: [DONE]\n\n".utf8)

    init(hidesUsage: Bool) {
        self.hidesUsage = hidesUsage
    }

    /// A provider may leave out `[DONE]`: the answer is whole once every choice told why it ended.
    var closing: [UInt8]? {
        if self.isDone { return [] }
        let isWhole = self.finished.contains(0) && self.seen.isSubset(of: self.finished)
        return isWhole ? OpenAIChatStreamWatch.done : nil
    }

    mutating func observe(_ event: Span<UInt8>, _ outline: EventOutline) -> StreamObservation {
        var observation = self.passed(event, outline)
        guard !self.hasAnswered, observation.isMeaningful, !observation.isTerminal else { return observation }
        observation.isAnnouncement = OpenAIChatStreamWatch.announces(event, outline)
        self.hasAnswered = !observation.isAnnouncement
        return observation
    }

    private mutating func passed(_ event: Span<UInt8>, _ outline: EventOutline) -> StreamObservation {
        if outline.isDone(in: event) {
            // An end without a beginning is no answer, however clean.
            guard self.hasChunk else { return StreamObservation(.fail(.garbage), isTerminal: true) }
            self.isDone = true
            // Clients take `[DONE]` behind more than one space for JSON.
            let isPlain = outline.data.map { event[$0.lowerBound] == UInt8(ascii: "[") } ?? true
            return StreamObservation(isPlain ? .forward : .replace(OpenAIChatStreamWatch.done), isTerminal: true)
        }
        guard let object = outline.object(in: event) else { return StreamObservation(isMeaningful: false) }
        if outline.isNamedError(in: event) { return StreamObservation(.fail(.reported), isTerminal: true) }
        self.hasChunk = true
        let words = OpenAIChatWords(event)
        guard !words.isEmpty else { return StreamObservation() }

        var members: [JSONMemberWalk.Member] = []
        let isWhole = JSONMemberWalk.walk(event, from: object) { member in
            members.append(member)
            return true
        }
        guard isWhole else { return StreamObservation(.fail(.garbage), isTerminal: true) }
        func value(_ name: StaticString) -> Range<Int>? {
            members.first { JSONMemberWalk.matches(event, $0.name, name) }?.value
        }
        if words.contains(.error) {
            let error = value("error").map { !JSONMemberWalk.matches(event, $0, "null") } ?? false
            // vLLM has said it as `{"object":"error","message":…}`.
            let object = value("object").map { JSONMemberWalk.matches(event, $0, "\"error\"") } ?? false
            if error || object { return StreamObservation(.fail(.reported), isTerminal: true) }
        }
        let choices = value("choices")
        if let choices, !words.isDisjoint(with: [.finishReason, .laterIndex]) { self.readChoices(event, choices) }
        guard words.contains(.usage) else { return StreamObservation() }
        return self.observeUsage(event, members, choices: choices)
    }

    private mutating func readChoices(_ event: Span<UInt8>, _ range: Range<Int>) {
        for choice in JSONMemberWalk.read(event, range)?.arrayValue ?? [] {
            let index = choice["index"]?.intValue ?? 0
            guard (0..<OpenAIChatStreamWatch.maximumChoices).contains(index) else { continue }
            self.seen.insert(index)
            // Some providers write an empty text where others write null.
            if choice["finish_reason"]?.stringValue?.isEmpty == false { self.finished.insert(index) }
        }
    }

    private mutating func observeUsage(
        _ event: Span<UInt8>,
        _ members: [JSONMemberWalk.Member],
        choices: Range<Int>?
    ) -> StreamObservation {
        var isReported = false
        var kept: [Int] = []
        kept.reserveCapacity(members.count)
        for (index, member) in members.enumerated() {
            guard JSONMemberWalk.matches(event, member.name, "usage") else {
                kept.append(index)
                continue
            }
            guard !JSONMemberWalk.matches(event, member.value, "null") else { continue }
            isReported = true
            if let later = ReportedUsage(event, member.value, .openAIChat) {
                self.usage.update(with: later.tokenUsage(.openAIChat))
            }
        }
        guard self.hidesUsage, kept.count < members.count else { return StreamObservation() }
        let isEmpty = choices.map { OpenAIChatStreamWatch.isEmpty(event, $0) } ?? true
        if isReported && isEmpty || kept.isEmpty { return StreamObservation(.hide) }
        // The event carries part of the answer: it goes on without the member that was not asked for.
        return StreamObservation(.replace(OpenAIChatStreamWatch.without(event, members, kept)))
    }

    /// The event with only the `kept` ones of its members, every other byte as it was.
    private static func without(
        _ event: Span<UInt8>,
        _ members: [JSONMemberWalk.Member],
        _ kept: [Int]
    ) -> [UInt8] {
        guard let first = members.first, let last = members.last else { return [] }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(event.count)
        func append(_ range: Range<Int>) {
            for offset in range { bytes.append(event[offset]) }
        }
        append(0..<(first.name.lowerBound - 1))
        for (place, index) in kept.enumerated() {
            // A member brings the comma before it along, unless it comes first.
            let start = place == 0 ? members[index].name.lowerBound - 1 : members[index - 1].value.upperBound
            append(start..<members[index].value.upperBound)
        }
        append(last.value.upperBound..<event.count)
        return bytes
    }

    /// Whether a value holds no choice: an array of nothing, or null.
    private static func isEmpty(_ event: Span<UInt8>, _ range: Range<Int>) -> Bool {
        if JSONMemberWalk.matches(event, range, "null") { return true }
        for offset in range where ![0x5b, 0x5d, 0x20, 0x09].contains(event[offset]) { return false }
        return true
    }

    /// An error object as data, on which openai-python raises.
    ///
    /// No `[DONE]` follows, as nothing was completed.
    static func failureEvent(_ error: CallerError, requestID: String) -> [UInt8] {
        ServerSentEvent.encode(data: ErrorEnvelope.openAI.body(of: error, requestID: requestID))
    }
}
