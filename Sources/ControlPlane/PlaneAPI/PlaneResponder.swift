import Administration
import Contract
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identity
import Logging
import NIOCore
import Wire

/// Decodes a node's request, makes one call, and encodes the answer.
struct PlaneResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let service: PlaneService
    let enrolment: NodeEnrolment
    let isReady: @Sendable () -> Bool
    let logger: Logger

    /// A poll with the longest verdict has 5 KiB.
    static let maximumBodyBytes = 32 * 1024
    /// How long a node may take to send a body.
    private static let bodyTimeout = Duration.seconds(10)

    func respond(to request: Request, context: Context) async throws -> Response {
        do throws(PlaneFault) {
            return try await self.route(request)
        } catch {
            if error.status.code >= 500 {
                self.logger.warning(
                    "a node was not served",
                    metadata: ["path": "\(request.uri.path)", "code": "\(error.code)"]
                )
            }
            return error.response
        }
    }

    private func route(_ request: Request) async throws(PlaneFault) -> Response {
        let path = request.uri.path
        switch path {
        case "/livez": return try PlaneResponder.text("ok", for: request)
        case "/readyz":
            guard self.isReady() else { throw .notReady }
            return try PlaneResponder.text("ok", for: request)
        case NodeRequest.joinPath: return try await self.join(request)
        case NodeRequest.pollPath:
            try PlaneResponder.expect(.post, request)
            let signed = try await self.signed(request)
            return PlaneResponder.bytes(
                try await self.ask { () throws(NodeRefusal) in try await self.service.poll(signed) }
            )
        default: break
        }
        if let sha256 = PlaneResponder.digest(behind: NodeRequest.snapshotPath, in: path) {
            try PlaneResponder.expect(.get, request)
            let signed = try await self.signed(request)
            return PlaneResponder.bytes(
                try await self.ask { () throws(NodeRefusal) in try await self.service.snapshot(sha256, for: signed) }
            )
        }
        if let sha256 = PlaneResponder.digest(behind: NodeRequest.secretsPath, in: path) {
            try PlaneResponder.expect(.get, request)
            let signed = try await self.signed(request)
            return PlaneResponder.bytes(
                try await self.ask { () throws(NodeRefusal) in try await self.service.secrets(of: sha256, for: signed) }
            )
        }
        throw .notFound
    }

    private func join(_ request: Request) async throws(PlaneFault) -> Response {
        try PlaneResponder.expect(.post, request)
        let body = try await self.body(of: request)
        let joinRequest: JoinRequest
        do {
            joinRequest = try JoinRequest(JSONReader.read(body))
        } catch let error as JSONShapeError {
            throw .refused(.malformed(field: error.field, problem: error.problem))
        } catch {
            throw .refused(.malformed(field: "", problem: "the body is not JSON"))
        }
        let response = try await self.ask { () throws(NodeRefusal) in try await self.enrolment.join(joinRequest) }
        self.logger.notice(
            "a node joined",
            metadata: ["node": "\(response.nodeID)", "name": "\(joinRequest.name)"]
        )
        var answer = PlaneResponder.bytes(JSONWriter.write(response.json))
        answer.headers[.contentType] = "application/json"
        return answer
    }

    private func ask<Output>(
        _ body: () async throws(NodeRefusal) -> Output
    ) async throws(PlaneFault) -> Output {
        do { return try await body() } catch { throw .refused(error) }
    }

    private func signed(_ request: Request) async throws(PlaneFault) -> SignedNodeRequest {
        func header(_ name: String) -> String? {
            guard let name = HTTPField.Name(name) else { return nil }
            let values = request.headers[values: name]
            // Twins could be read differently by whoever stands in between.
            return values.count == 1 ? values.first : nil
        }
        // Before the body: without these nothing of it is wanted.
        let node = header(NodeRequest.nodeHeader)
        guard node != nil else { throw .refused(.notAuthenticated) }
        let body = try await self.body(of: request)
        let signed = SignedNodeRequest(
            method: request.method.rawValue,
            path: request.head.path ?? "",
            node: node,
            time: header(NodeRequest.timeHeader),
            nonce: header(NodeRequest.nonceHeader),
            signature: header(NodeRequest.signatureHeader),
            body: body
        )
        guard let signed else { throw .refused(.notAuthenticated) }
        return signed
    }

    private func body(of request: Request) async throws(PlaneFault) -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > PlaneResponder.maximumBodyBytes {
            throw .tooLarge
        }
        let collected = await withTaskGroup(of: Result<[UInt8], PlaneFault>.self) { group in
            group.addTask {
                do {
                    let buffer = try await request.body.collect(upTo: PlaneResponder.maximumBodyBytes)
                    return .success(Array(buffer.readableBytesView))
                } catch is NIOTooManyBytesError {
                    return .failure(.tooLarge)
                } catch {
                    return .failure(.incomplete)
                }
            }
            group.addTask {
                try? await Task.sleep(for: PlaneResponder.bodyTimeout)
                return .failure(.incomplete)
            }
            let first = await group.next() ?? .failure(.incomplete)
            group.cancelAll()
            return first
        }
        return try collected.get()
    }

    private static func expect(_ method: HTTPRequest.Method, _ request: Request) throws(PlaneFault) {
        guard request.method == method else { throw .methodNotAllowed }
    }

    private static func digest(behind prefix: String, in path: String) -> Digest? {
        guard path.hasPrefix(prefix) else { return nil }
        return Digest(hex: String(path.dropFirst(prefix.count)))
    }

    private static func text(_ text: String, for request: Request) throws(PlaneFault) -> Response {
        guard request.method == .get || request.method == .head else { throw .methodNotAllowed }
        return Response(
            status: .ok,
            headers: [.contentType: "text/plain"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text + "\n"))
        )
    }

    private static func bytes(_ bytes: [UInt8]) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/octet-stream", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }
}
