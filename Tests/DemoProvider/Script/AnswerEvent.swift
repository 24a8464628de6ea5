import Wire

/// One server-sent event of an answer, and its place in the stream.
struct AnswerEvent: Hashable, Sendable {
    /// What the event does, so that a fault can cut the stream at a meaningful place.
    enum Kind: Hashable, Sendable {
        /// Comes before any content.
        case opening
        case delta
        /// Says why the answer ends, or what it cost.
        case finishing
        /// The end of the stream in its dialect.
        case last
    }

    var kind: Kind
    var bytes: [UInt8]

    init(_ kind: Kind, bytes: [UInt8]) {
        self.kind = kind
        self.bytes = bytes
    }

    init(_ kind: Kind, name: String? = nil, data: JSONValue) {
        self.kind = kind
        self.bytes = ServerSentEvent.encode(name: name, data: data)
    }
}
