import NIOCore

/// A request as it came over the wire, byte for byte.
struct RecordedRequest: Sendable {
    let head: String
    let body: [UInt8]

    var line: String { String(self.head.prefix { $0 != "\r\n" }) }

    /// Names in lower case, sorted.
    var headerNames: [String] { self.headers.map(\.name).sorted() }

    var headers: [(name: String, value: String)] {
        self.head.split(separator: "\r\n").dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (parts[0].lowercased(), parts.count > 1 ? parts[1].drop { $0 == " " }.description : "")
        }
    }

    func values(_ name: String) -> [String] { self.headers.filter { $0.name == name }.map(\.value) }

    var bodyText: String { String(decoding: self.body, as: UTF8.self) }
}

extension RawConnection {
    /// The next request with its whole body, which must have a length.
    func readRequest() async throws -> RecordedRequest {
        let head = try await self.read(through: "\r\n\r\n")
        let request = RecordedRequest(head: head, body: [])
        guard let length = request.values("content-length").first.flatMap({ Int($0) }) else { return request }
        return RecordedRequest(head: head, body: try await self.read(length))
    }
}
