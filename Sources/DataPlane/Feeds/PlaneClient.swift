import Contract
import CurlTransport
import NIOCore
import Sealing

/// Sends a node's requests to control planes.
struct PlaneClient: Sendable {
    /// Base URLs without a trailing slash.
    let servers: [String]
    private let reactor: CurlReactor
    private let certificateAuthorities: String?

    init(reactor: CurlReactor, controlPlanes: [String], certificateAuthorities: String?) throws(FeedError) {
        var servers: [String] = []
        for text in controlPlanes {
            guard let url = UpstreamURL(text) else { throw .invalidControlPlane(text) }
            servers.append(url.description)
        }
        guard !servers.isEmpty else { throw .invalidControlPlane("") }
        self.servers = servers
        self.reactor = reactor
        self.certificateAuthorities = certificateAuthorities
    }

    /// The body of a 200, of at most `maximumBytes`.
    ///
    /// `wait` is how long, in milliseconds, the answer may be held back.
    func send(
        _ method: TransferRequest.Method,
        _ path: String,
        to server: Int,
        headers: [(String, String)] = [],
        body: [UInt8] = [],
        wait: Int = 0,
        maximumBytes: Int
    ) async throws(PlaneFailure) -> [UInt8] {
        guard self.servers.indices.contains(server) else { throw .transport(.invalidRequest) }
        var lines = headers.map { TransferHeader(name: $0.0, text: $0.1) }
        if !body.isEmpty { lines.append(TransferHeader(name: "content-type", text: "application/json")) }
        let request = TransferRequest(
            method: method,
            url: self.servers[server] + path,
            headers: lines,
            body: body.isEmpty ? [] : [ByteBuffer(bytes: body)],
            timeouts: TransferTimeouts(
                connect: .seconds(3),
                firstByte: .milliseconds(wait + 10_000),
                idle: .seconds(10),
                total: .milliseconds(wait + 120_000)
            ),
            certificateAuthorities: self.certificateAuthorities
        )
        let response: TransferResponse
        do {
            response = try await self.reactor.fetch(request, maximumBodyBytes: maximumBytes)
        } catch {
            throw .transport(error)
        }
        let answer = Array(response.body.readableBytesView)
        guard response.status == 200 else {
            throw .status(response.status, code: PlaneFailure.code(in: answer))
        }
        return answer
    }
}
