import Wire

/// What the provider remembers of one request that it served: never its content, never a key.
struct LedgerRow: Hashable, Sendable {
    /// How the answer ended.
    enum Outcome: Hashable, Sendable {
        case completed
        /// The provider closed or broke the connection, as it was told.
        case cut
        /// The caller went away first; milliseconds from the end of the request until it was noticed.
        case aborted(afterMilliseconds: Int)
    }

    var sequence: Int
    /// Milliseconds since 1970 at which the request had arrived whole.
    var time: Int
    var path: String
    var dialect: String?
    var model: String?
    var stream = false
    var status = 0
    /// The caller's name for the request, from its headers.
    var requestID: String?
    /// Which of the accepted keys was used; nil when none was.
    var keyIndex: Int?
    var usage: TokenUsage?
    var bytesIn = 0
    var bytesOut = 0
    var images = 0
    var tools = 0
    /// Milliseconds from the end of the request to the end of the answer.
    var duration = 0
    var outcome = Outcome.completed

    var json: JSONValue {
        var aborted: Int?
        let outcome: JSONValue =
            switch self.outcome {
            case .completed: "completed"
            case .cut: "cut"
            case .aborted: "aborted"
            }
        if case .aborted(let milliseconds) = self.outcome { aborted = milliseconds }
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        func number(_ value: Int?) -> JSONValue { value.map { .int($0) } ?? .null }
        return [
            "sequence": .int(self.sequence), "time_ms": .int(self.time), "path": .string(self.path),
            "dialect": text(self.dialect), "model": text(self.model), "stream": .bool(self.stream),
            "status": .int(self.status), "request_id": text(self.requestID), "key_index": number(self.keyIndex),
            "input_tokens": number(self.usage?.input), "output_tokens": number(self.usage?.output),
            "bytes_in": .int(self.bytesIn), "bytes_out": .int(self.bytesOut), "images": .int(self.images),
            "tools": .int(self.tools), "duration_ms": .int(self.duration), "outcome": outcome,
            "aborted_after_ms": number(aborted),
        ]
    }
}
