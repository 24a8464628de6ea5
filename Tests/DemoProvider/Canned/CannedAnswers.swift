import Identity
import NIOCore
import Wire

/// The answers of `demo-canned`, headers included, made once.
struct CannedAnswers: Sendable {
    private struct Kind: Hashable {
        var dialect: Dialect
        var streams: Bool
        var reportsUsage: Bool
    }

    private let answers: [Kind: ByteBuffer]

    init() {
        var answers: [Kind: ByteBuffer] = [:]
        for dialect in Dialect.allCases {
            for streams in [false, true] {
                for reportsUsage in [false, true] {
                    let kind = Kind(dialect: dialect, streams: streams, reportsUsage: reportsUsage)
                    answers[kind] = CannedAnswers.make(kind)
                }
            }
        }
        self.answers = answers
    }

    func answer(in dialect: Dialect, streams: Bool, reportsUsage: Bool) -> ByteBuffer {
        self.answers[Kind(dialect: dialect, streams: streams, reportsUsage: reportsUsage)] ?? ByteBuffer()
    }

    /// The head of a stream that needs no identity of its own.
    static func streamHead(for dialect: Dialect) -> ResponseHead {
        ResponseHead(
            status: 200,
            fields: [
                ("content-type", "text/event-stream; charset=utf-8"),
                (CannedAnswers.requestIDField(for: dialect), "req_canned"), ("transfer-encoding", "chunked"),
            ]
        )
    }

    /// The header field by which a provider of `dialect` names a request.
    static func requestIDField(for dialect: Dialect) -> String {
        dialect == .anthropicMessages ? "request-id" : "x-request-id"
    }

    private static func make(_ kind: Kind) -> ByteBuffer {
        var prompt = Prompt(dialect: kind.dialect, model: "demo-canned")
        prompt.reportsStreamUsage = kind.reportsUsage
        let answer = Answer(
            reasoning: nil,
            text: "This is the canned answer of the demo provider, the same for every request.",
            toolCalls: [],
            stop: .endOfTurn,
            usage: TokenUsage(input: 100, output: 19, reasoning: 0),
            pieces: 8
        )
        let identity = AnswerIdentity(suffix: "canned", created: 1_767_225_600)
        let written = answer.written(for: prompt, identity: identity)
        guard kind.streams else {
            let body = JSONWriter.write(written.whole)
            let head = ResponseHead(
                status: 200,
                fields: [
                    ("content-type", "application/json"),
                    (CannedAnswers.requestIDField(for: kind.dialect), "req_canned"),
                    ("content-length", "\(body.count)"),
                ]
            )
            return ByteBuffer(bytes: head.bytes + body)
        }
        var buffer = ByteBuffer(bytes: CannedAnswers.streamHead(for: kind.dialect).bytes)
        for event in written.events { buffer.writeBytes(ResponseScript.chunk(event.bytes)) }
        buffer.writeString("0\r\n\r\n")
        return buffer
    }
}
