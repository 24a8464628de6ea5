import Identity
import Wire

/// Everything that the provider does on the connection to answer one request.
struct ResponseScript: Sendable {
    var steps: [ResponseStep] = []
    var status: Int
    /// The most bytes of one write; nil for no limit.
    var writeSize: Int?
    /// What the ledger says of the answer.
    var usage: TokenUsage?
    /// Whether the connection serves another request after the last step.
    var keepsAlive = true

    init(status: Int, directives: Directives) {
        self.status = status
        self.writeSize = directives.isSet("drip") ? 1 : directives.int("split").map { max($0, 1) }
    }

    /// An answer in one piece, with no fault.
    static func plain(status: Int, body: JSONValue, fields: [(String, String)] = []) -> ResponseScript {
        ResponseScript.whole(status: status, body: JSONWriter.write(body), fields: fields, directives: Directives())
    }

    /// An answer in one piece.
    static func whole(
        status: Int,
        body: [UInt8],
        contentType: String = "application/json",
        fields: [(String, String)],
        directives: Directives
    ) -> ResponseScript {
        var head = ResponseHead(status: status, fields: [("content-type", contentType)])
        head.fields += fields.map { (name: $0.0, value: $0.1) }
        head.fields.append(("content-length", "\(body.count)"))
        // Cut where a fault may end the answer: in the middle, and before its last byte.
        let middle = body.count / 2
        let end = max(body.count - 1, middle)
        let frames = [
            AnswerEvent(.delta, bytes: Array(body[..<middle])), AnswerEvent(.delta, bytes: Array(body[middle..<end])),
            AnswerEvent(.last, bytes: Array(body[end...])),
        ]
        var script = ResponseScript(status: status, directives: directives)
        script.add(head: head, frames: frames, ending: [], fault: Fault(directives), directives: directives)
        return script
    }

    /// An answer as a stream of events.
    static func stream(
        _ answer: any DialectAnswer,
        fields: [(String, String)],
        directives: Directives
    ) -> ResponseScript {
        var head = ResponseHead(status: 200, fields: [("content-type", "text/event-stream; charset=utf-8")])
        head.fields.append(("cache-control", "no-cache"))
        head.fields += fields.map { (name: $0.0, value: $0.1) }
        head.fields.append(("transfer-encoding", "chunked"))
        let fault = Fault(directives)
        var frames = fault.disturb(answer, directives: directives)
        for index in frames.indices { frames[index].bytes = ResponseScript.chunk(frames[index].bytes) }
        var script = ResponseScript(status: 200, directives: directives)
        script.add(head: head, frames: frames, ending: Array("0\r\n\r\n".utf8), fault: fault, directives: directives)
        return script
    }

    /// `bytes` as one chunk of a chunked body.
    static func chunk(_ bytes: [UInt8]) -> [UInt8] {
        Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [0x0d, 0x0a]
    }

    private mutating func add(
        head: ResponseHead,
        frames: [AnswerEvent],
        ending: [UInt8],
        fault: Fault,
        directives: Directives
    ) {
        if let milliseconds = directives.int("delay_ms") { self.steps.append(.pause(milliseconds: milliseconds)) }
        if let step = fault.step(.beforeHead) { return self.end(with: step) }
        self.steps.append(.write(head.bytes))
        if let step = fault.step(.afterHead) { return self.end(with: step) }
        if let milliseconds = directives.int("first_ms") { self.steps.append(.pause(milliseconds: milliseconds)) }
        let pace = directives.int("chunk_ms")
        let stop = fault.stop(in: frames)
        for frame in frames[..<(stop ?? frames.count)] {
            if frame.kind == .delta, let pace { self.steps.append(.pause(milliseconds: pace)) }
            self.steps.append(.write(frame.bytes))
        }
        if stop != nil, let step = fault.step { return self.end(with: step) }
        self.steps.append(.write(ending))
    }

    private mutating func end(with step: ResponseStep) {
        self.steps.append(step)
        self.keepsAlive = false
    }
}
