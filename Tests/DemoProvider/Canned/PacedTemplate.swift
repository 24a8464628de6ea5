import Identity
import NIOCore
import Wire

/// The bytes of a paced stream, made once for all streams of one kind.
///
/// Each delta's text is `@`, sixteen digits and a space; the digits are the nanoseconds of the monotonic clock at
/// which the delta was sent, so that a caller on the same machine can tell how late it came. The text that ends a
/// stream of the Responses dialect repeats the deltas with zeros instead.
struct PacedTemplate: Sendable {
    static let maximumCount = 10_000
    static let stampDigits = 16
    private static let placeholder = "@0000000000000000 "

    /// What a stream is made of.
    struct Kind: Hashable, Sendable {
        var dialect: Dialect
        var count: Int
        var reportsUsage: Bool
    }

    /// The head of the answer and all events before the first delta.
    let opening: ByteBuffer
    /// The deltas as chunks, and where in each its digits begin.
    let deltas: [(bytes: [UInt8], digits: Int)]
    /// Everything after the last delta.
    let closing: ByteBuffer

    init(_ kind: Kind) {
        var prompt = Prompt(dialect: kind.dialect, model: "demo-paced")
        prompt.streams = true
        prompt.reportsStreamUsage = kind.reportsUsage
        let answer = Answer(
            reasoning: nil,
            text: String(repeating: PacedTemplate.placeholder, count: kind.count),
            toolCalls: [],
            stop: .endOfTurn,
            usage: TokenUsage(input: 100, output: kind.count, reasoning: 0),
            pieces: kind.count
        )
        var opening = ByteBuffer(bytes: CannedAnswers.streamHead(for: kind.dialect).bytes)
        var deltas: [(bytes: [UInt8], digits: Int)] = []
        var closing = ByteBuffer()
        let identity = AnswerIdentity(suffix: "paced", created: 1_767_225_600)
        for event in answer.written(for: prompt, identity: identity).events {
            let chunk = ResponseScript.chunk(event.bytes)
            if deltas.count < kind.count, let mark = chunk.firstRange(of: PacedTemplate.placeholder.utf8) {
                deltas.append((chunk, mark.lowerBound + 1))
            } else if deltas.isEmpty {
                opening.writeBytes(chunk)
            } else {
                closing.writeBytes(chunk)
            }
        }
        closing.writeString("0\r\n\r\n")
        self.opening = opening
        self.deltas = deltas
        self.closing = closing
    }

    /// The delta at `index`, sent at `nanoseconds`.
    func delta(at index: Int, nanoseconds: UInt64, allocator: ByteBufferAllocator) -> ByteBuffer {
        let delta = self.deltas[index]
        var buffer = allocator.buffer(capacity: delta.bytes.count)
        buffer.writeBytes(delta.bytes)
        var rest = nanoseconds
        for place in (0..<PacedTemplate.stampDigits).reversed() {
            buffer.setInteger(UInt8(0x30 + rest % 10), at: delta.digits + place)
            rest /= 10
        }
        return buffer
    }
}
