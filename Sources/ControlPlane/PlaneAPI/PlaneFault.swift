import Administration
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Wire

/// Why a request on the plane's listener is not served.
enum PlaneFault: Error, Hashable {
    case refused(NodeRefusal)
    case notFound
    case methodNotAllowed
    case tooLarge
    /// The body ended or stalled before it was complete.
    case incomplete
    /// The state was never read from the database.
    case notReady

    var status: HTTPResponse.Status {
        switch self {
        case .refused(let refusal): PlaneFault.status(of: refusal)
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .tooLarge: .contentTooLarge
        case .incomplete: .requestTimeout
        case .notReady: .serviceUnavailable
        }
    }

    var code: String {
        switch self {
        case .refused(let refusal): refusal.code
        case .notFound: "not-found"
        case .methodNotAllowed: "method-not-allowed"
        case .tooLarge: "request-too-large"
        case .incomplete: "request-timeout"
        case .notReady: "not-ready"
        }
    }

    var message: String {
        switch self {
        case .refused(let refusal): refusal.message
        case .notFound: "no such path"
        case .methodNotAllowed: "this path has another method"
        case .tooLarge: "the body is larger than \(PlaneResponder.maximumBodyBytes) bytes"
        case .incomplete: "the body did not come"
        case .notReady: "the control plane has not read its database yet"
        }
    }

    var response: Response {
        let body: JSONValue = ["error": ["code": .string(self.code), "message": .string(self.message)]]
        var headers: HTTPFields = [.contentType: "application/json", .cacheControl: "no-store"]
        if self.status == .serviceUnavailable { headers[.retryAfter] = "2" }
        // What is left of the body is not wanted.
        if self == .tooLarge || self == .incomplete { headers[.connection] = "close" }
        return Response(
            status: self.status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: JSONWriter.write(body)))
        )
    }

    private static func status(of refusal: NodeRefusal) -> HTTPResponse.Status {
        switch refusal {
        case .malformed, .badProof: .badRequest
        case .notAuthenticated, .unknownJoinToken: .unauthorized
        case .removed, .joinTokenExpired: .forbidden
        case .replayed, .joinTokenUsed, .nameTaken, .keyInUse: .conflict
        case .unknownSnapshot: .notFound
        case .databaseUnavailable: .serviceUnavailable
        case .internalError: .internalServerError
        }
    }
}
