import Wire

/// Watches a Messages stream: named events from `message_start` to `message_stop`.
struct AnthropicMessagesStreamWatch: Sendable {
    private var isStopped = false
    private(set) var usage = TokenUsage()

    var closing: [UInt8]? { self.isStopped ? [] : nil }

    mutating func observe(_ event: Span<UInt8>) -> StreamObservation {
        guard let start = SSEDataLine.start(in: event) else { return StreamObservation(isMeaningful: false) }
        // Deltas are nearly all of a stream and need no look at their JSON.
        if ByteSearch.contains("content_block_delta", in: event) { return StreamObservation() }
        switch SSEDataLine.name(of: event) {
        case "message_start":
            if let message = JSONMemberWalk.value(of: "message", in: event, from: start),
                let usage = JSONMemberWalk.value(of: "usage", in: event, from: message.lowerBound)
            {
                self.read(event, usage)
            }
            return StreamObservation()
        case "message_delta":
            if let usage = JSONMemberWalk.value(of: "usage", in: event, from: start) { self.read(event, usage) }
            return StreamObservation()
        case "message_stop":
            self.isStopped = true
            return StreamObservation(isTerminal: true)
        case "error": return StreamObservation(.fail, isTerminal: true)
        case "ping": return StreamObservation(isMeaningful: false)
        default: return StreamObservation()
        }
    }

    private mutating func read(_ event: Span<UInt8>, _ range: Range<Int>) {
        guard let value = JSONMemberWalk.read(event, range) else { return }
        self.usage.update(with: TokenUsage(anthropicMessages: value))
    }

    static func failureEvent(_ error: CallerError, requestID: String) -> [UInt8] {
        ServerSentEvent.encode(name: "error", data: ErrorEnvelope.anthropic.body(of: error, requestID: requestID))
    }
}
