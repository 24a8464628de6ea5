import Wire

/// Watches a Chat Completions stream: data-only events, `[DONE]` at the end.
struct OpenAIChatStreamWatch: Sendable {
    private let hidesUsage: Bool
    private var isDone = false
    private var hasFinishReason = false
    private(set) var usage = TokenUsage()

    init(hidesUsage: Bool) {
        self.hidesUsage = hidesUsage
    }

    var closing: [UInt8]? {
        if self.isDone { return [] }
        return self.hasFinishReason ? Array("data: [DONE]\n\n".utf8) : nil
    }

    mutating func observe(_ event: Span<UInt8>) -> StreamObservation {
        guard let start = SSEDataLine.start(in: event) else { return StreamObservation(isMeaningful: false) }
        if SSEDataLine.isDone(event, start) {
            self.isDone = true
            return StreamObservation(isTerminal: true)
        }
        // Most events are text deltas without either word; only the others are looked into.
        if !self.hasFinishReason,
            ByteSearch.contains("\"finish_reason\":\"", in: event)
                || ByteSearch.contains("\"finish_reason\": \"", in: event)
        {
            self.hasFinishReason = true
        }
        let hasUsage = ByteSearch.contains("\"usage\"", in: event)
        let hasError = ByteSearch.contains("\"error\"", in: event)
        guard hasUsage || hasError else { return StreamObservation() }
        return self.inspect(event, start, hasUsage: hasUsage)
    }

    private mutating func inspect(_ event: Span<UInt8>, _ start: Int, hasUsage: Bool) -> StreamObservation {
        var members: [JSONMemberWalk.Member] = []
        JSONMemberWalk.walk(event, from: start) { member in
            members.append(member)
            return true
        }
        if let error = members.first(where: { JSONMemberWalk.matches(event, $0.name, "error") }),
            !JSONMemberWalk.matches(event, error.value, "null")
        {
            return StreamObservation(.fail, isTerminal: true)
        }
        guard let index = members.firstIndex(where: { JSONMemberWalk.matches(event, $0.name, "usage") }) else {
            return StreamObservation()
        }
        let usage = members[index]
        let isNull = JSONMemberWalk.matches(event, usage.value, "null")
        if !isNull, let value = JSONMemberWalk.read(event, usage.value) {
            self.usage.update(with: TokenUsage(openAIChat: value))
        }
        guard self.hidesUsage else { return StreamObservation() }
        let choices = members.first { JSONMemberWalk.matches(event, $0.name, "choices") }
        if let choices, choices.value.count <= 2 || OpenAIChatStreamWatch.isEmptyArray(event, choices.value) {
            return StreamObservation(.hide)
        }
        // The event carries part of the answer: it goes on without the member that was not asked for.
        let cut: Range<Int>
        if index > 0 {
            cut = members[index - 1].value.upperBound..<usage.value.upperBound
        } else if members.count > 1 {
            cut = (usage.name.lowerBound - 1)..<(members[1].name.lowerBound - 1)
        } else {
            return StreamObservation(.hide)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(event.count)
        for offset in 0..<event.count where !cut.contains(offset) { bytes.append(event[offset]) }
        return StreamObservation(.replace(bytes))
    }

    private static func isEmptyArray(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for offset in range where ![0x5b, 0x5d, 0x20, 0x0a, 0x0d, 0x09].contains(bytes[offset]) { return false }
        return true
    }

    /// An error object as data, on which openai-python raises.
    ///
    /// No `[DONE]` follows, as nothing was completed.
    static func failureEvent(_ error: CallerError, requestID: String) -> [UInt8] {
        ServerSentEvent.encode(data: ErrorEnvelope.openAI.body(of: error, requestID: requestID))
    }
}
