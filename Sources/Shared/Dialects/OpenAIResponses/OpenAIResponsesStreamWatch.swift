import Canonical
import Identity
import Wire

/// Watches a Responses stream: numbered events from `response.created` to one of three terminal ones.
struct OpenAIResponsesStreamWatch: Sendable {
    private var isEnded = false
    private var responseID: String?
    private var createdAt: Int?
    private var model: String?
    private var nextSequenceNumber = 0
    private var reportedCode: String?
    private(set) var usage = TokenUsage()
    /// Nil where the caller knows responses by the provider's own ids.
    private var ids: KeptResponseIDs?

    init(ids: KeptResponseIDs? = nil) {
        self.ids = ids
    }

    private static let delta = Array(".delta".utf8)

    /// What the provider may say of a failure in its own code: words that clients act on, all from the dialect.
    private static let knownCodes: Set<String> = [
        "context_length_exceeded", "insufficient_quota", "invalid_prompt", "rate_limit_exceeded", "server_error",
        "server_is_overloaded", "slow_down",
    ]

    var closing: [UInt8]? { self.isEnded ? [] : nil }

    mutating func observe(_ event: Span<UInt8>, _ outline: EventOutline) -> StreamObservation {
        guard let object = outline.object(in: event) else { return StreamObservation(isMeaningful: false) }
        self.nextSequenceNumber += 1
        if outline.isNamedError(in: event) { return self.failed(event, object, of: nil) }
        guard let kind = outline.kind(in: event, object: object) else { return StreamObservation() }
        if OpenAIResponsesStreamWatch.isDelta(event, kind) { return StreamObservation() }
        if let range = JSONMemberWalk.value(of: "sequence_number", in: event, from: object), range.count <= 16,
            let number = JSONMemberWalk.read(event, range)?.intValue, (0..<Int(Int32.max)).contains(number)
        {
            self.nextSequenceNumber = number + 1
        }
        func isKind(_ name: StaticString) -> Bool { JSONMemberWalk.matches(event, kind, name) }
        let response = JSONMemberWalk.value(of: "response", in: event, from: object)?.lowerBound
        if isKind("response.created") {
            if let response { self.readIdentity(event, response) }
        } else if isKind("response.completed") || isKind("response.incomplete") {
            self.isEnded = true
            if let response { self.readUsage(event, response) }
            return StreamObservation(self.named(event, response), isTerminal: true)
        } else if isKind("response.failed") {
            // Its text is the provider's own: the caller gets ours, with the code when it is a known one.
            if let response { self.readUsage(event, response) }
            return self.failed(event, object, of: response)
        } else if isKind("error") {
            return self.failed(event, object, of: nil)
        }
        let announces = isKind("response.created") || isKind("response.in_progress") || isKind("response.queued")
        return StreamObservation(self.named(event, response), isAnnouncement: announces)
    }

    /// The event with the caller's ids in its response object, if it has one and they differ.
    private mutating func named(_ event: Span<UInt8>, _ response: Int?) -> StreamObservation.Disposition {
        guard let response, let splices = self.ids?.splices(inResponseAt: response, of: event), !splices.isEmpty else {
            return .forward
        }
        return .replace(Splice.applied(splices, to: event))
    }

    private static func isDelta(_ event: Span<UInt8>, _ kind: Range<Int>) -> Bool {
        let suffix = max(kind.lowerBound, kind.upperBound - 6)..<kind.upperBound
        return JSONMemberWalk.matches(event, suffix, OpenAIResponsesStreamWatch.delta)
    }

    /// Keeps what a failure event of ours must repeat; the response also echoes prompt and tools, which are not
    /// read.
    private mutating func readIdentity(_ event: Span<UInt8>, _ response: Int) {
        func value(_ name: StaticString) -> JSONValue? {
            guard let range = JSONMemberWalk.value(of: name, in: event, from: response), range.count <= 512 else {
                return nil
            }
            return JSONMemberWalk.read(event, range)
        }
        let id = value("id")?.stringValue
        self.responseID = id.flatMap { self.ids?.name(of: $0) } ?? id
        self.createdAt = value("created_at")?.intValue
        self.model = value("model")?.stringValue
    }

    private mutating func readUsage(_ event: Span<UInt8>, _ response: Int) {
        guard let range = JSONMemberWalk.value(of: "usage", in: event, from: response),
            let later = ReportedUsage(event, range, .openAIResponses)
        else { return }
        self.usage.update(with: later.tokenUsage(.openAIResponses))
    }

    /// The code stands in `response.error`, in `error` or beside the message of an `error` event.
    private mutating func failed(_ event: Span<UInt8>, _ object: Int, of response: Int?) -> StreamObservation {
        let error = JSONMemberWalk.value(of: "error", in: event, from: response ?? object)?.lowerBound
        if let range = JSONMemberWalk.value(of: "code", in: event, from: error ?? object), range.count <= 64,
            let code = JSONMemberWalk.read(event, range)?.stringValue,
            OpenAIResponsesStreamWatch.knownCodes.contains(code)
        {
            self.reportedCode = code
        }
        // Our own event takes the place, and the number, of the provider's.
        self.nextSequenceNumber -= 1
        return StreamObservation(.fail(.reported), isTerminal: true)
    }

    /// A `response.failed` event: clients act on it, while Codex ignores a bare `error` event.
    func failureEvent(_ error: CallerError, requestID: String) -> [UInt8] {
        let response: JSONValue = [
            "id": .string(self.responseID ?? "resp_\(requestID)"),
            "object": "response",
            "created_at": .int(self.createdAt ?? 0),
            "model": .string(self.model ?? ""),
            "status": "failed",
            "error": [
                "code": .string(self.reportedCode ?? "server_error"),
                "message": .string("\(error.message) (\(error.code), request \(requestID))"),
            ],
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
