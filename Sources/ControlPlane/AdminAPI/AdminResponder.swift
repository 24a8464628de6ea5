import Administration
import Catalog
import Documents
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Identity
import Logging
import NIOCore
import Synchronization
import Wire

/// Reads an administrator's request, finds out who asks, makes one call, and encodes the answer.
final class AdminResponder: HTTPResponder {
    typealias Context = AdminRequestContext

    private let table: EndpointTable
    private let authentication: AdminAuthentication
    private let wallClock: @Sendable () -> Int64
    private let logger: Logger
    private let throttle = Mutex(FailureThrottle())
    private let start = ContinuousClock.now

    static let maximumBodyBytes = 4 * 1024 * 1024
    /// How long a caller may take to send a body.
    private static let bodyTimeout = Duration.seconds(30)

    init(
        services: AdminServices,
        isReady: @escaping @Sendable () async -> Bool,
        wallClock: @escaping @Sendable () -> Int64,
        logger: Logger
    ) {
        self.table = EndpointTable(endpoints: AdminEndpoints.all(services, isReady: isReady))
        self.authentication = services.authentication
        self.wallClock = wallClock
        self.logger = logger
    }

    func respond(to request: Request, context: Context) async throws -> Response {
        var generator = SystemRandomNumberGenerator()
        let id = Identity.RequestID(
            milliseconds: UInt64(max(0, self.wallClock())),
            random: (generator.next(), generator.next())
        )
        let started = ContinuousClock.now
        var metadata: Logger.Metadata = ["request_id": "\(id)", "method": "\(request.method.rawValue)"]
        var response: Response
        do throws(AdminFault) {
            let answer = try await self.answer(request, context.peer, id, &metadata)
            response = AdminResponder.response(answer)
        } catch {
            metadata["code"] = "\(error.code)"
            if let detail = error.detail { metadata["detail"] = "\(detail)" }
            response = AdminResponder.response(error, id)
        }
        if request.method == .head { response.body = ResponseBody() }
        response.headers[AdminResponder.requestIDHeader] = id.description
        response.headers[.cacheControl] = "no-store"
        metadata["status"] = "\(response.status.code)"
        metadata["duration_ms"] = "\(started.duration(to: .now) / .milliseconds(1))"
        let level: Logger.Level = response.status.code >= 500 ? .warning : metadata["path"] == nil ? .debug : .info
        self.logger.log(level: level, "admin request", metadata: metadata)
        return response
    }

    private func answer(
        _ request: Request,
        _ peer: String,
        _ id: Identity.RequestID,
        _ metadata: inout Logger.Metadata
    ) async throws(AdminFault) -> AdminAnswer {
        let method = request.method == .head ? .get : request.method
        let match = self.table.find(method, request.uri.path)
        let principal: AdminPrincipal
        // Only who is known learns which paths there are; but for the few that are anybody's.
        if case .found(let endpoint, _) = match, endpoint.role == nil {
            principal = AdminPrincipal(id: "anybody", role: .viewer, requestID: id)
        } else {
            principal = try await self.authenticate(request, peer, id)
            metadata["admin"] = "\(principal.id)"
        }
        switch match {
        case .notFound: throw .notFound
        case .otherMethods(let methods): throw .otherMethods(methods)
        case .found(let endpoint, let parameters):
            if endpoint.role != nil { metadata["path"] = "\(endpoint.path.text)" }
            if let role = endpoint.role, principal.role < role { throw AdminFault(.forbidden(needed: role)) }
            let request = try await self.read(request, for: endpoint, parameters, principal)
            do { return try await endpoint.handle(request) } catch let error as AdminFault {
                throw error
            } catch {
                throw AdminFault(AdministrationError(error))
            }
        }
    }

    private func authenticate(
        _ request: Request,
        _ peer: String,
        _ id: Identity.RequestID
    ) async throws(AdminFault) -> AdminPrincipal {
        let values = request.headers[values: .authorization]
        let scheme = "bearer "
        do {
            guard values.count == 1, let value = values.first, value.lowercased().hasPrefix(scheme) else {
                throw AdministrationError.unauthenticated
            }
            return try await self.authentication.principal(
                presenting: Secret(String(value.dropFirst(scheme.count))),
                requestID: id
            )
        } catch AdministrationError.unauthenticated {
            let now = self.start.duration(to: .now)
            // A good token is never kept waiting: many may share an address with one script that has an old token.
            let delay = self.throttle.withLock { throttle in
                let delay = throttle.delay(of: peer, at: now)
                if delay == nil { throttle.noteFailure(of: peer, at: now) }
                return delay
            }
            throw delay.map { .throttled(seconds: $0) } ?? .unauthenticated
        } catch let error as AdministrationError {
            throw AdminFault(error)
        } catch {
            throw AdminFault(.internalError("\(error)"))
        }
    }

    private func read(
        _ request: Request,
        for endpoint: AdminEndpoint,
        _ parameters: [String: String],
        _ principal: AdminPrincipal
    ) async throws(AdminFault) -> AdminRequest {
        do {
            return AdminRequest(
                principal: principal,
                parameters: parameters,
                query: try AdminQuery(request.uri.query, allowed: endpoint.query),
                body: try await self.body(of: request, for: endpoint),
                precondition: try EntityTag.precondition(request.headers, isTaken: endpoint.takesPrecondition)
            )
        } catch let error as AdminFault {
            throw error
        } catch {
            throw AdminFault(AdministrationError(error))
        }
    }

    private func body(of request: Request, for endpoint: AdminEndpoint) async throws(AdminFault) -> JSONValue {
        let bytes = try await self.bytes(of: request)
        let accepted: [String]
        switch endpoint.body {
        case .none:
            guard bytes.isEmpty else {
                throw AdminFault(.malformed(JSONShapeError(field: "", problem: "this request takes no body")))
            }
            return .null
        case .json(_, let isOptional):
            if isOptional, bytes.isEmpty { return [:] }
            accepted = ["application/json"]
        case .mergePatch: accepted = ["application/merge-patch+json", "application/json"]
        case .document: accepted = ["application/json", "application/yaml", "application/x-yaml", "text/yaml"]
        }
        let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" }.lowercased()
            .filter { $0 != " " && $0 != "\t" }
        let encoding = request.headers[.contentEncoding] ?? "identity"
        guard accepted.contains(type), encoding == "identity" else { throw .unsupportedMediaType(accepted) }
        if type.hasSuffix("yaml") {
            do { return try YAMLDocument.read(bytes) } catch {
                throw AdminFault(.malformed(JSONShapeError(field: "", problem: error.description)))
            }
        }
        do { return try JSONReader.read(bytes) } catch {
            throw AdminFault(.malformed(JSONShapeError(field: "", problem: "the body is not JSON: \(error)")))
        }
    }

    private func bytes(of request: Request) async throws(AdminFault) -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > AdminResponder.maximumBodyBytes {
            throw .tooLarge
        }
        let collected = await withTaskGroup(of: Result<[UInt8], AdminFault>.self) { group in
            group.addTask {
                do {
                    let buffer = try await request.body.collect(upTo: AdminResponder.maximumBodyBytes)
                    return .success(Array(buffer.readableBytesView))
                } catch is NIOTooManyBytesError {
                    return .failure(.tooLarge)
                } catch {
                    return .failure(.incomplete)
                }
            }
            group.addTask {
                try? await Task.sleep(for: AdminResponder.bodyTimeout)
                return .failure(.incomplete)
            }
            let first = await group.next() ?? .failure(.incomplete)
            group.cancelAll()
            return first
        }
        return try collected.get()
    }

    static let requestIDHeader: HTTPField.Name = {
        guard let name = HTTPField.Name("x-request-id") else { preconditionFailure("x-request-id is a field name") }
        return name
    }()

    private static func response(_ answer: AdminAnswer) -> Response {
        var headers: HTTPFields = [.contentType: "application/json"]
        if let revision = answer.revision { headers[.eTag] = EntityTag.text(of: revision) }
        return Response(
            status: answer.status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: JSONWriter.write(answer.body)))
        )
    }

    private static func response(_ fault: AdminFault, _ id: Identity.RequestID) -> Response {
        var error = JSONObject([("code", .string(fault.code)), ("message", .string(fault.message))])
        error["field"] = fault.field.map { .string($0) }
        error["request_id"] = .string(id.description)
        var headers: HTTPFields = [.contentType: "application/json"]
        if let seconds = fault.retryAfter { headers[.retryAfter] = String(seconds) }
        if !fault.allow.isEmpty { headers[.allow] = fault.allow.joined(separator: ", ") }
        if fault.status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        if fault.closes { headers[.connection] = "close" }
        let body: JSONValue = ["error": .object(error)]
        return Response(
            status: fault.status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: JSONWriter.write(body)))
        )
    }
}
