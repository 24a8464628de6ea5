package import Canonical
package import Dialects
import Wire

/// How a provider's events reach the caller: byte for byte, or in another dialect.
package struct StreamPassage: Sendable {
    /// What is to become of one event.
    struct Passed: Sendable {
        var observation: StreamObservation
        /// Why the answer ends, when the observation says that it fails.
        var failure = AttemptFailure.reportedInBand
        /// Whether the answer is whole although the provider speaks on: its transfer is to be cancelled.
        var wantsCancel = false
    }

    // One of the two. Not an enum: a payload is copied when it is changed, with all that a translation holds.
    private var watch: StreamWatch?
    private var translation: StreamTranslation?
    /// What tells a caller that an answer begins, until there is one.
    private var greeting: [UInt8] = []
    var retelling = Retelling()
    /// When a provider that limited the rate in the middle of an answer would be asked again.
    private var wait: String?

    package init(_ watch: StreamWatch) { self.watch = watch }

    package init(_ translation: StreamTranslation) { self.translation = translation }

    package var usage: TokenUsage { self.watch?.usage ?? self.translation?.usage ?? TokenUsage() }

    /// Whether ``usage`` holds estimates in place of what the provider did not tell.
    package var isUsageEstimated: Bool { self.translation?.isUsageEstimated ?? false }

    /// Takes one whole event, its blank line included.
    mutating func observe(_ event: Span<UInt8>) -> Passed {
        if let observation = self.watch?.observe(event) {
            guard case .fail(let failure) = observation.disposition else { return Passed(observation: observation) }
            return Passed(observation: observation, failure: self.failure(failure, in: event))
        }
        guard let step = self.translation?.translate(StreamPassage.read(event)) else {
            return Passed(observation: StreamObservation(.fail(.reported), isTerminal: true))
        }
        // A last event may repeat a whole answer: it is not copied for nothing.
        let bytes = self.greeting.isEmpty ? step.bytes : self.greeting + step.bytes
        switch step.end {
        case .failed(let failure):
            return Passed(
                observation: StreamObservation(.fail(failure), isTerminal: true),
                failure: self.failure(failure, in: event)
            )
        case .finished: return Passed(observation: StreamObservation(.replace(bytes), isTerminal: true))
        case .stopped:
            return Passed(observation: StreamObservation(.replace(bytes), isTerminal: true), wantsCancel: true)
        case nil: break
        }
        guard step.isMeaningful else {
            self.greeting = bytes
            return Passed(observation: StreamObservation(.hide, isMeaningful: false))
        }
        self.greeting = []
        return Passed(observation: StreamObservation(bytes.isEmpty ? .hide : .replace(bytes)))
    }

    private mutating func failure(_ failure: StreamFailure, in event: Span<UInt8>) -> AttemptFailure {
        failure == .reported ? self.reported(in: event) : AttemptFailure(failure)
    }

    /// What an event that ends the answer with a failure says of it.
    private mutating func reported(in event: Span<UInt8>) -> AttemptFailure {
        let data = StreamPassage.read(event).data ?? []
        // It may repeat the request, tools and all.
        let body = try? JSONReader.read(data, maximumDepth: JSONReader.defaultMaximumDepth + 8)
        self.wait = UpstreamWords(body).wait
        return AttemptFailure(reportedIn: body, as: self.retelling)
    }

    /// A stream may begin with a byte-order mark (WHATWG HTML §9.2.5), which is no part of the first field's name.
    private static func read(_ event: Span<UInt8>) -> ServerSentEvent {
        guard event.count >= 3, event[0] == 0xef, event[1] == 0xbb, event[2] == 0xbf else {
            return ServerSentEvent(lines: event)
        }
        return ServerSentEvent(lines: event.extracting(3...))
    }

    /// What to add when the provider closed its stream: nil means that the answer is not whole.
    mutating func close() -> [UInt8]? {
        if let watch = self.watch { return watch.closing }
        guard let step = self.translation?.close() else { return nil }
        switch step.end {
        case .finished, .stopped: return self.greeting + step.bytes
        case .failed, nil: return nil
        }
    }

    /// The caller's terminal event for an answer that broke off.
    ///
    /// Codex waits for as long as it is told to after `rate_limit_exceeded`.
    func failureEvent(_ error: CallerError, requestID: String) -> [UInt8] {
        var error = error
        if let wait = self.wait {
            error.message += " Please try again in \(wait)."
            error.details["upstream_code"] = "rate_limit_exceeded"
        }
        if let watch = self.watch { return watch.failureEvent(error, requestID: requestID) }
        var translation = self.translation
        return self.greeting + (translation?.failure(error) ?? [])
    }
}

extension AttemptFailure {
    init(_ failure: StreamFailure) {
        switch failure {
        case .reported: self = .reportedInBand
        case .garbage: self = .garbage
        case .truncated: self = .cutShort
        case .tooLarge: self = .tooLarge
        }
    }
}
