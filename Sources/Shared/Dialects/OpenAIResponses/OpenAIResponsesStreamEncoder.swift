package import Canonical
import Wire

/// Writes a Responses stream: numbered events with their names, each text told in deltas and again as a whole.
package struct OpenAIResponsesStreamEncoder: DialectStreamEncoder {
    private let context: AnswerContext
    private var output: OpenAIResponsesOutput
    private var isStarted = false
    private var isEnded = false
    private var number = 0
    private var usage = TokenUsage()
    private var told: [OpenAIResponsesOutput.Event] = []

    package init(_ context: AnswerContext) {
        self.context = context
        self.output = OpenAIResponsesOutput(context)
    }

    package mutating func encode(_ event: ModelEvent, into bytes: inout [UInt8]) {
        guard !self.isEnded else { return }
        self.start(into: &bytes)
        if case .usage(let usage) = event { self.usage.update(with: usage) }
        self.output.take(event, into: &self.told)
        for event in self.told { self.write(event.type, event.members, into: &bytes) }
        self.told.removeAll(keepingCapacity: true)
        if case .finished(let stop) = event { self.finish(stop, into: &bytes) }
    }

    package mutating func failure(_ error: CallerError, into bytes: inout [UInt8]) {
        guard !self.isEnded else { return }
        // Clients take nothing for a stream that does not begin with this.
        self.start(into: &bytes)
        self.output.breakOff(into: &self.told)
        for (type, members) in self.told { self.write(type, members, into: &bytes) }
        self.told.removeAll(keepingCapacity: true)
        self.isEnded = true
        let requestID = self.context.requestID
        var message = "\(error.message) (\(error.code), request \(requestID))"
        // Codex waits as long as these words say.
        if let seconds = error.retryAfter { message += " Please try again in \(seconds)s." }
        let response = OpenAIResponses.response(
            self.context,
            status: "failed",
            error: [
                "code": .string(OpenAIResponses.failureCode(of: error)), "message": .string(message),
            ],
            output: self.output.items
        )
        self.write("response.failed", [("response", response)], into: &bytes)
    }

    private mutating func start(into bytes: inout [UInt8]) {
        guard !self.isStarted else { return }
        self.isStarted = true
        let response = OpenAIResponses.response(self.context, status: "in_progress")
        self.write("response.created", [("response", response)], into: &bytes)
        self.write("response.in_progress", [("response", response)], into: &bytes)
    }

    private mutating func finish(_ stop: StopReason, into bytes: inout [UInt8]) {
        self.isEnded = true
        let end = OpenAIResponses.End(stop)
        let response = OpenAIResponses.response(
            self.context,
            status: end.status,
            reason: end.reason,
            output: self.output.items,
            usage: OpenAIResponses.usage(self.usage, self.context, spokenBytes: self.output.spokenBytes)
        )
        self.write("response.\(end.status)", [("response", response)], into: &bytes)
    }

    private mutating func write(_ type: String, _ members: [(String, JSONValue)], into bytes: inout [UInt8]) {
        let head: [(String, JSONValue)] = [("type", .string(type)), ("sequence_number", .int(self.number))]
        bytes += ServerSentEvent.encode(name: type, data: .object(JSONObject(head + members)))
        self.number += 1
    }
}
