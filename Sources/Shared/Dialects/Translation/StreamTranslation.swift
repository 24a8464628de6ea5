package import Canonical
package import Identity
package import Wire

/// A provider's stream on its way to a caller of another dialect, event by event.
///
/// What one event means leaves with it. Nothing is kept but what a decoder or an encoder must know later.
package struct StreamTranslation: Sendable {
    /// How a stream ended.
    package enum End: Hashable, Sendable {
        /// The answer is whole.
        case finished
        /// The answer is whole although the provider speaks on: its stream is to be cancelled.
        case stopped
        /// There is no whole answer: the caller is to be told with ``failure(_:)``.
        case failed(StreamFailure)
    }

    /// What one event of the provider became.
    package struct Step: Hashable, Sendable {
        /// Whole events for the caller, or nothing.
        package var bytes: [UInt8] = []
        /// Whether the provider answers: anything but its greeting, pings and comments.
        package var isMeaningful = false
        /// Set once, with the last step; later steps are empty.
        package var end: End?
    }

    // Existentials are changed in place; payloads of an enum would be copied with all they hold for each event.
    private var decoder: any DialectStreamDecoder
    private var encoder: any DialectStreamEncoder
    private var restoration: AnswerRestoration
    private let context: AnswerContext
    private var spoken = TextTokens()
    /// Bytes of all that was said, where the encoder keeps it; see ``maximumKeptBytes``.
    private var keptBytes: Int?
    private var decoded: [ModelEvent] = []

    /// The most that an answer may say whose last events repeat all of it, as those of Responses do: one event is then
    /// as large as a whole one may be.
    package static let maximumKeptBytes = 16 * 1024 * 1024

    /// What the provider told, and estimates in place of what it did not once the answer is whole.
    package private(set) var usage = TokenUsage()
    /// Whether ``usage`` holds estimates.
    package private(set) var isUsageEstimated = false
    /// How the stream ended; nil while it lasts.
    package private(set) var end: End?

    /// `seal` seals a provider's blob of reasoning; blobs themselves are kept from a caller that does not want them.
    package init(
        from target: Dialect,
        to caller: Dialect,
        request: EncodedRequest,
        context: AnswerContext,
        seal: @escaping AnswerRestoration.Seal
    ) {
        self.decoder = StreamTranslation.decoder(target)
        self.encoder = StreamTranslation.encoder(caller, context)
        self.restoration = AnswerRestoration(
            request,
            requestID: context.requestID,
            seal: context.request.reasoning.wantsOpaque ? seal : nil,
            mark: AnswerRestoration.mark(for: caller, context.request, seal)
        )
        self.context = context
        self.keptBytes = caller == .openAIResponses ? 0 : nil
    }

    /// Takes one event of the provider.
    package mutating func translate(_ event: ServerSentEvent) -> Step {
        guard self.end == nil else { return Step() }
        self.decoder.decode(event, into: &self.decoded)
        return self.step()
    }

    /// The provider closed its stream cleanly.
    package mutating func close() -> Step {
        guard self.end == nil else { return Step() }
        self.decoder.end(into: &self.decoded)
        var step = self.step()
        if self.end == nil {
            self.end = .failed(.truncated)
            step.end = self.end
        }
        return step
    }

    /// The caller's terminal error for an answer that is not whole; nothing for one that is.
    package mutating func failure(_ error: CallerError) -> [UInt8] {
        switch self.end {
        case .finished, .stopped: return []
        case .failed, nil:
            var bytes: [UInt8] = []
            self.encoder.failure(error, into: &bytes)
            return bytes
        }
    }

    private mutating func step() -> Step {
        var step = Step()
        for event in self.decoded {
            self.observe(event)
            guard (self.keptBytes ?? 0) <= StreamTranslation.maximumKeptBytes else {
                self.end = .failed(.tooLarge)
                break
            }
            step.isMeaningful = step.isMeaningful || StreamTranslation.isMeaningful(event)
            for restored in self.restoration.restore(event) { self.write(restored, to: &step) }
            if self.end != nil { break }
        }
        self.decoded.removeAll(keepingCapacity: true)
        step.end = self.end
        return step
    }

    private mutating func observe(_ event: ModelEvent) {
        switch event {
        case .usage(let usage): self.usage.update(with: usage)
        case .delta(let delta): self.observe(delta)
        case .started, .blockStarted, .blockEnded, .finished, .failed: break
        }
    }

    private mutating func observe(_ delta: ModelEvent.Delta) {
        switch delta {
        case .text(let piece), .refusal(let piece), .summary(let piece, _), .reasoningText(let piece),
            .arguments(let piece):
            self.spoken.add(piece)
            self.keptBytes? += piece.utf8.count
        case .opaque, .annotation: break
        }
    }

    private mutating func write(_ event: ModelEvent, to step: inout Step) {
        switch event {
        case .started, .blockStarted, .delta, .blockEnded, .usage:
            self.encoder.encode(event, into: &step.bytes)
        case .finished:
            var usage = self.usage
            self.isUsageEstimated = usage.fill(input: self.context.estimatedInputTokens, output: self.spoken.count)
            self.usage = usage
            if self.isUsageEstimated { self.encoder.encode(.usage(self.usage), into: &step.bytes) }
            self.encoder.encode(event, into: &step.bytes)
            self.end = self.restoration.isStopped ? .stopped : .finished
        case .failed(let failure): self.end = .failed(failure)
        }
    }

    private static func isMeaningful(_ event: ModelEvent) -> Bool {
        switch event {
        case .started, .usage: false
        case .blockStarted, .delta, .blockEnded, .finished, .failed: true
        }
    }

    private static func decoder(_ target: Dialect) -> any DialectStreamDecoder {
        switch target {
        case .openAIChat: OpenAIChatStreamDecoder()
        case .openAIResponses: OpenAIResponsesStreamDecoder()
        case .anthropicMessages: AnthropicMessagesStreamDecoder()
        }
    }

    private static func encoder(_ caller: Dialect, _ context: AnswerContext) -> any DialectStreamEncoder {
        switch caller {
        case .openAIChat: OpenAIChatStreamEncoder(context)
        case .openAIResponses: OpenAIResponsesStreamEncoder(context)
        case .anthropicMessages: AnthropicMessagesStreamEncoder(context)
        }
    }
}
