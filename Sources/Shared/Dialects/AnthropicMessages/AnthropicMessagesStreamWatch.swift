import Canonical
import Identity
import Wire

/// Watches a Messages stream: named events from `message_start` to `message_stop`.
struct AnthropicMessagesStreamWatch: Sendable {
    private var hasStarted = false
    private var isStopped = false
    private var reported = ReportedUsage()

    private static let delta = Array("content_block_delta".utf8)

    var usage: TokenUsage { self.reported.tokenUsage(.anthropicMessages) }

    var closing: [UInt8]? { self.isStopped ? [] : nil }

    mutating func observe(_ event: Span<UInt8>, _ outline: EventOutline) -> StreamObservation {
        guard let object = outline.object(in: event) else { return StreamObservation(isMeaningful: false) }
        if outline.isNamedError(in: event) { return StreamObservation(.fail(.reported), isTerminal: true) }
        guard let kind = outline.kind(in: event, object: object) else { return StreamObservation() }
        func isKind(_ name: StaticString) -> Bool { JSONMemberWalk.matches(event, kind, name) }
        // Deltas are nearly all of a stream and need no further look.
        if JSONMemberWalk.matches(event, kind, AnthropicMessagesStreamWatch.delta) { return StreamObservation() }
        if isKind("message_start") {
            self.hasStarted = true
            if let message = JSONMemberWalk.value(of: "message", in: event, from: object) {
                self.readUsage(event, of: message.lowerBound) { $0.beforeOutput }
            }
            return StreamObservation(isAnnouncement: true)
        } else if isKind("message_delta") {
            self.readUsage(event, of: object) { $0 }
        } else if isKind("message_stop") {
            // A stop without a start is no answer, however clean the end.
            guard self.hasStarted else { return StreamObservation(.fail(.garbage), isTerminal: true) }
            self.isStopped = true
            return StreamObservation(isTerminal: true)
        } else if isKind("error") {
            return StreamObservation(.fail(.reported), isTerminal: true)
        } else if isKind("ping") {
            return StreamObservation(isMeaningful: false)
        }
        return StreamObservation()
    }

    private mutating func readUsage(
        _ event: Span<UInt8>,
        of object: Int,
        _ part: (ReportedUsage) -> ReportedUsage
    ) {
        guard let range = JSONMemberWalk.value(of: "usage", in: event, from: object),
            let later = ReportedUsage(event, range, .anthropicMessages)
        else { return }
        self.reported.update(with: part(later))
    }

    static func failureEvent(_ error: CallerError, requestID: String) -> [UInt8] {
        ServerSentEvent.encode(name: "error", data: ErrorEnvelope.anthropic.body(of: error, requestID: requestID))
    }
}
