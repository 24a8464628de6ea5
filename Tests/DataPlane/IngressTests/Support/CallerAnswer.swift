import NIOCore
import Wire

/// An answer as a caller reads it off the wire.
struct CallerAnswer: Sendable {
    let head: String
    var body: [UInt8]
    /// The pieces of a chunked body; nil when it was framed otherwise.
    var chunks: [[UInt8]]?

    var status: Int { Int(self.head.dropFirst("HTTP/1.1 ".count).prefix(3)) ?? 0 }

    var text: String { String(decoding: self.body, as: UTF8.self) }

    var json: JSONValue? { try? JSONReader.read(self.body) }

    func value(_ name: String) -> String? {
        for line in self.head.split(separator: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts[0].lowercased() == name { return parts.count > 1 ? String(parts[1].drop { $0 == " " }) : "" }
        }
        return nil
    }

    /// The code of an error, in either envelope.
    var errorCode: String? {
        self.json?["error"]?["code"]?.stringValue ?? self.json?["error"]?["type"]?.stringValue
    }

    /// Whether an error is in the shape that Messages callers expect.
    var isAnthropicError: Bool { self.json?["type"]?.stringValue == "error" }

    /// The events of a stream, each without its blank line.
    var events: [String] {
        self.text.split(separator: "\n\n", omittingEmptySubsequences: true).map { String($0) }
    }
}

extension RawConnection {
    func readHead() async throws -> CallerAnswer {
        CallerAnswer(head: try await self.read(through: "\r\n\r\n"), body: [])
    }

    /// One whole answer.
    ///
    /// `toHead`: to a HEAD request, so without a body.
    func readAnswer(toHead: Bool = false) async throws -> CallerAnswer {
        var answer = try await self.readHead()
        if toHead || answer.status < 200 { return answer }
        if answer.value("transfer-encoding") == "chunked" {
            guard answer.value("content-length") == nil else { throw Impatience("two framings") }
            var chunks: [[UInt8]] = []
            while let chunk = try await self.readChunk() { chunks.append(chunk) }
            answer.chunks = chunks
            answer.body = Array(chunks.joined())
        } else if let length = answer.value("content-length").flatMap({ Int($0) }) {
            answer.body = try await self.read(length)
        } else {
            answer.body = try await self.readToEnd()
        }
        return answer
    }

    /// The next chunk; nil for the last.
    func readChunk() async throws -> [UInt8]? {
        let line = try await self.read(through: "\r\n")
        guard let size = Int(line.dropLast(), radix: 16) else {
            throw Impatience("no chunk size: \(line)")
        }
        let bytes = try await self.read(size)
        guard try await self.read(2) == [0x0d, 0x0a] else { throw Impatience("no end of a chunk") }
        return size == 0 ? nil : bytes
    }

    /// Chunks until their text holds `mark`.
    func readChunks(until mark: String) async throws -> String {
        var text = ""
        while !text.contains(mark) {
            guard let chunk = try await self.readChunk() else {
                throw Impatience("ended before '\(mark)': \(text)")
            }
            text += String(decoding: chunk, as: UTF8.self)
        }
        return text
    }
}
