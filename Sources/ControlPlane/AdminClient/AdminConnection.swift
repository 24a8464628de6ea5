import CurlTransport
import Identity
import NIOCore
import Wire

/// A control plane's admin API, as an administrator with a token reaches it.
struct AdminConnection: Sendable {
    let reactor: CurlReactor
    /// Without a trailing slash.
    let url: String
    let token: Secret
    /// A PEM bundle instead of the system's.
    let certificateAuthorities: String?

    private static let timeouts = TransferTimeouts(connect: .seconds(5), total: .seconds(60))
    private static let maximumAnswerBytes = 256 * 1024 * 1024
    /// Pages are fetched at this size when all of a list is wanted.
    private static let pageSize = 500

    /// Sends one request and gives the answer's body; throws `AdminFailure`.
    func send(
        _ method: TransferRequest.Method,
        _ path: String,
        query: [(String, String)] = [],
        body: JSONValue? = nil,
        revision: Int? = nil
    ) async throws(AdminFailure) -> JSONValue {
        var headers = [
            TransferHeader(name: "authorization", value: self.token.withExposedText { Secret("Bearer \($0)") }),
            TransferHeader(name: "accept", text: "application/json"),
        ]
        if let revision { headers.append(TransferHeader(name: "if-match", text: "\"\(revision)\"")) }
        if body != nil {
            let type = method == .patch ? "application/merge-patch+json" : "application/json"
            headers.append(TransferHeader(name: "content-type", text: type))
        }
        let query = query.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        let request = TransferRequest(
            method: method,
            url: "\(self.url)/admin/v1\(path)\(query.isEmpty ? "" : "?\(query)")",
            headers: headers,
            body: body.map { [ByteBuffer(bytes: JSONWriter.write($0))] } ?? [],
            timeouts: AdminConnection.timeouts,
            certificateAuthorities: self.certificateAuthorities
        )
        let response: TransferResponse
        do {
            response = try await self.reactor.fetch(request, maximumBodyBytes: AdminConnection.maximumAnswerBytes)
        } catch {
            throw .unreachable(url: self.url, reason: error)
        }
        guard let value = try? JSONReader.read(Array(response.body.readableBytesView)) else {
            throw .notAControlPlane(status: response.status)
        }
        guard (200..<300).contains(response.status) else { throw AdminConnection.refusal(response.status, value) }
        return value
    }

    /// All items of a list, or the first `limit`, as one page.
    func list(
        _ path: String,
        query filter: [(String, String)] = [],
        limit: Int? = nil
    ) async throws(AdminFailure) -> JSONValue {
        var items: [JSONValue] = []
        var cursor: String?
        while true {
            let size = min(AdminConnection.pageSize, limit.map { $0 - items.count } ?? AdminConnection.pageSize)
            var query = filter + [("limit", String(size))]
            if let cursor { query.append(("cursor", cursor)) }
            let page = try await self.send(.get, path, query: query)
            items += page["data"]?.arrayValue ?? []
            cursor = page["next_cursor"]?.stringValue
            if cursor == nil || limit.map({ items.count >= $0 }) ?? false {
                return ["data": .array(items), "next_cursor": cursor.map { .string($0) } ?? .null]
            }
        }
    }

    private static func refusal(_ status: Int, _ value: JSONValue) -> AdminFailure {
        guard let error = value["error"], let code = error["code"]?.stringValue else {
            return .notAControlPlane(status: status)
        }
        return .refused(
            status: status,
            code: code,
            message: error["message"]?.stringValue ?? "",
            field: error["field"]?.stringValue
        )
    }
}
