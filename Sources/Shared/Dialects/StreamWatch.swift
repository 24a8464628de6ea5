package import Canonical
package import Identity

/// Watches a stream that is forwarded in the caller's own dialect: what it cost, whether it ended, and how to
/// end it when the provider did not.
package struct StreamWatch: Sendable {
    private enum State: Sendable {
        case openAIChat(OpenAIChatStreamWatch)
        case openAIResponses(OpenAIResponsesStreamWatch)
        case anthropicMessages(AnthropicMessagesStreamWatch)
    }

    private let dialect: Dialect
    private var state: State
    private var isFirst = true

    /// `hidesUsage`: the caller of a Chat stream did not ask for usage and must not see it.
    ///
    /// `ids`: those of a Responses stream of which the caller knows others.
    package init(_ dialect: Dialect, hidesUsage: Bool, ids: KeptResponseIDs? = nil) {
        self.dialect = dialect
        switch dialect {
        case .openAIChat: self.state = .openAIChat(OpenAIChatStreamWatch(hidesUsage: hidesUsage))
        case .openAIResponses: self.state = .openAIResponses(OpenAIResponsesStreamWatch(ids: ids))
        case .anthropicMessages: self.state = .anthropicMessages(AnthropicMessagesStreamWatch())
        }
    }

    /// Takes one whole event, its blank line included.
    package mutating func observe(_ event: Span<UInt8>) -> StreamObservation {
        let isFirst = self.isFirst
        self.isFirst = false
        guard isFirst, event.count >= 3, event[0] == 0xef, event[1] == 0xbb, event[2] == 0xbf else {
            return self.observeJoined(event)
        }
        // A stream may begin with a byte-order mark (WHATWG HTML §9.2.5), which clients take for a part of the
        // first field's name.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(event.count - 3)
        for offset in 3..<event.count { bytes.append(event[offset]) }
        var observation = self.observeJoined(bytes.span)
        if observation.disposition == .forward { observation.disposition = .replace(bytes) }
        return observation
    }

    /// Joins data of several lines before it is looked at; what is forwarded stays as it came.
    private mutating func observeJoined(_ event: Span<UInt8>) -> StreamObservation {
        let outline = EventOutline(event)
        guard outline.dataFieldCount > 1 else { return self.observe(event, outline) }
        let joined = EventOutline.joined(event)
        return self.observe(joined.span, EventOutline(joined.span))
    }

    private mutating func observe(_ event: Span<UInt8>, _ outline: EventOutline) -> StreamObservation {
        guard !outline.isGarbage(in: event, self.dialect) else {
            let isReported = outline.isNamedError(in: event)
            return StreamObservation(.fail(isReported ? .reported : .garbage), isTerminal: true)
        }
        switch self.state {
        case .openAIChat(var watch):
            let observation = watch.observe(event, outline)
            self.state = .openAIChat(watch)
            return observation
        case .openAIResponses(var watch):
            let observation = watch.observe(event, outline)
            self.state = .openAIResponses(watch)
            return observation
        case .anthropicMessages(var watch):
            let observation = watch.observe(event, outline)
            self.state = .anthropicMessages(watch)
            return observation
        }
    }

    package var usage: TokenUsage {
        switch self.state {
        case .openAIChat(let watch): watch.usage
        case .openAIResponses(let watch): watch.usage
        case .anthropicMessages(let watch): watch.usage
        }
    }

    /// What to add when the provider closed its stream cleanly: nil means that the answer is not whole.
    ///
    /// Empty after a terminal event; a Chat stream that told its finish reason but not `[DONE]` gets it.
    package var closing: [UInt8]? {
        switch self.state {
        case .openAIChat(let watch): watch.closing
        case .openAIResponses(let watch): watch.closing
        case .anthropicMessages(let watch): watch.closing
        }
    }

    /// The dialect's own terminal event for an answer that broke off.
    package func failureEvent(_ error: CallerError, requestID: String) -> [UInt8] {
        switch self.state {
        case .openAIChat: OpenAIChatStreamWatch.failureEvent(error, requestID: requestID)
        case .openAIResponses(let watch): watch.failureEvent(error, requestID: requestID)
        case .anthropicMessages: AnthropicMessagesStreamWatch.failureEvent(error, requestID: requestID)
        }
    }

    /// What keeps a silent connection alive without saying anything.
    package static func ping(_ dialect: Dialect) -> [UInt8] {
        switch dialect {
        case .openAIChat, .openAIResponses: Array(": ping\n\n".utf8)
        case .anthropicMessages: Array("event: ping\ndata: {\"type\":\"ping\"}\n\n".utf8)
        }
    }
}
