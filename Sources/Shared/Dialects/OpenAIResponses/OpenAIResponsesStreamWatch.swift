import Wire

/// Watches a Responses stream: numbered events from `response.created` to one of three terminal ones.
struct OpenAIResponsesStreamWatch: Sendable {
    private var isEnded = false
    private var responseID: String?
    private var createdAt: Int?
    private var model: String?
    private var nextSequenceNumber = 0
    private(set) var usage = TokenUsage()

    var closing: [UInt8]? { self.isEnded ? [] : nil }

    mutating func observe(_ event: Span<UInt8>) -> StreamObservation {
        guard let start = SSEDataLine.start(in: event) else { return StreamObservation(isMeaningful: false) }
        if SSEDataLine.isDone(event, start) { return StreamObservation(isMeaningful: false) }
        let number = self.nextSequenceNumber
        self.nextSequenceNumber += 1
        if ByteSearch.contains(".delta\"", in: event) { return StreamObservation() }
        if let range = JSONMemberWalk.value(of: "sequence_number", in: event, from: start),
            let number = JSONMemberWalk.read(event, range)?.intValue, number >= 0, number < Int.max
        {
            self.nextSequenceNumber = number + 1
        }
        switch SSEDataLine.name(of: event) {
        case "response.created":
            if let range = JSONMemberWalk.value(of: "response", in: event, from: start),
                let response = JSONMemberWalk.read(event, range)
            {
                self.responseID = response["id"]?.stringValue
                self.createdAt = response["created_at"]?.intValue
                self.model = response["model"]?.stringValue
            }
            return StreamObservation()
        case "response.completed", "response.incomplete", "response.failed":
            self.isEnded = true
            if let response = JSONMemberWalk.value(of: "response", in: event, from: start),
                let usage = JSONMemberWalk.value(of: "usage", in: event, from: response.lowerBound),
                let value = JSONMemberWalk.read(event, usage)
            {
                self.usage.update(with: TokenUsage(openAIResponses: value))
            }
            return StreamObservation(isTerminal: true)
        case "error":
            // It is not forwarded: what the caller gets instead takes its number.
            self.nextSequenceNumber = number
            return StreamObservation(.fail, isTerminal: true)
        default: return StreamObservation()
        }
    }

    /// A `response.failed` event: clients act on it, while Codex ignores a bare `error` event.
    func failureEvent(_ error: CallerError, requestID: String) -> [UInt8] {
        let response: JSONValue = [
            "id": .string(self.responseID ?? "resp_\(requestID)"),
            "object": "response",
            "created_at": .int(self.createdAt ?? 0),
            "model": .string(self.model ?? ""),
            "status": "failed",
            "error": ["code": "server_error", "message": .string("\(error.message) (\(error.code))")],
            "incomplete_details": nil,
            "instructions": nil,
            "metadata": [:],
            "output": [],
            "parallel_tool_calls": true,
            "temperature": nil,
            "tool_choice": "auto",
            "tools": [],
            "top_p": nil,
            "usage": nil,
        ]
        return ServerSentEvent.encode(
            name: "response.failed",
            data: [
                "type": "response.failed", "sequence_number": .int(self.nextSequenceNumber), "response": response,
            ]
        )
    }
}
