import Canonical
import Dialects
import Identity
import Wire

/// Puts the events of a stream together from whatever pieces it comes in.
struct EventPieces {
    private var boundary = ServerSentEventBoundary()
    private var pending: [UInt8] = []
    private var scanned = 0

    /// The events of the last piece.
    private(set) var last: [ServerSentEvent] = []

    mutating func feed(_ piece: ArraySlice<UInt8>) {
        self.last = []
        self.pending.append(contentsOf: piece)
        var boundary = self.boundary
        while let end = boundary.next(in: self.pending.span, from: self.scanned) {
            let event = Array(self.pending[..<end])
            self.pending.removeFirst(end)
            self.scanned = 0
            self.last.append(ServerSentEvent(lines: event.span))
        }
        self.boundary = boundary
        self.scanned = self.pending.count
    }
}

/// Feeds a provider's stream to a translation in whatever pieces it comes, and keeps what the caller gets.
struct TranslatedStream {
    private var pieces = EventPieces()
    var translation: StreamTranslation
    /// What the caller gets.
    private(set) var bytes: [UInt8] = []
    private(set) var ends: [StreamTranslation.End] = []
    private(set) var isMeaningful = false

    init(_ pair: TranslationPair) throws {
        self.translation = StreamTranslation(
            from: pair.fixture.dialect,
            to: pair.other,
            request: try pair.request,
            context: pair.context,
            seal: TranslationPair.seal
        )
    }

    mutating func feed(_ piece: ArraySlice<UInt8>) {
        self.pieces.feed(piece)
        for event in self.pieces.last { self.take(self.translation.translate(event)) }
    }

    mutating func close() { self.take(self.translation.close()) }

    private mutating func take(_ step: StreamTranslation.Step) {
        self.bytes += step.bytes
        self.isMeaningful = self.isMeaningful || step.isMeaningful
        if let end = step.end { self.ends.append(end) }
    }
}

/// Reads a stream with a dialect's own decoder.
enum ReadStream {
    static func events(_ bytes: [UInt8], _ dialect: Dialect) -> [ModelEvent] {
        switch dialect {
        case .openAIChat: ReadStream.events(bytes, OpenAIChatStreamDecoder())
        case .openAIResponses: ReadStream.events(bytes, OpenAIResponsesStreamDecoder())
        case .anthropicMessages: ReadStream.events(bytes, AnthropicMessagesStreamDecoder())
        }
    }

    private static func events(_ bytes: [UInt8], _ decoder: some DialectStreamDecoder) -> [ModelEvent] {
        var decoder = decoder
        var events: [ModelEvent] = []
        var boundary = ServerSentEventBoundary()
        var start = 0
        while let end = boundary.next(in: bytes.span, from: start) {
            decoder.decode(ServerSentEvent(lines: Array(bytes[start..<end]).span), into: &events)
            start = end
        }
        decoder.end(into: &events)
        return events
    }
}
