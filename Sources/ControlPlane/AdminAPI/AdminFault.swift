import HTTPTypes

/// An error answer: status, code, message for people, and the field that is to blame.
struct AdminFault: Error, Hashable, Sendable {
    let status: HTTPResponse.Status
    let code: String
    let message: String
    var field: String?
    /// In seconds.
    var retryAfter: Int?
    /// For 405.
    var allow: [String] = []
    /// Whether the connection cannot go on, since the request was not read to its end.
    var closes = false
    /// What the log gets to know besides; never sent.
    var detail: String?

    static let notFound = AdminFault(status: .notFound, code: "not-found", message: "there is no such path")
    static let unauthenticated = AdminFault(
        status: .unauthorized,
        code: "unauthorized",
        message: "an administrator's token is needed: Authorization: Bearer rta_…"
    )
    static let tooLarge = AdminFault(
        status: .contentTooLarge,
        code: "request-too-large",
        message: "the body is larger than \(AdminResponder.maximumBodyBytes) bytes",
        closes: true
    )
    static let incomplete = AdminFault(
        status: .requestTimeout,
        code: "request-timeout",
        message: "the body did not come in time",
        closes: true
    )

    static func otherMethods(_ methods: [String]) -> AdminFault {
        AdminFault(
            status: .methodNotAllowed,
            code: "method-not-allowed",
            message: "this path has \(methods.joined(separator: ", "))",
            allow: methods
        )
    }

    static func unsupportedMediaType(_ accepted: [String]) -> AdminFault {
        AdminFault(
            status: .unsupportedMediaType,
            code: "unsupported-media-type",
            message: "the body must be \(accepted.joined(separator: " or ")), without a content encoding",
            field: "content-type"
        )
    }

    static func throttled(seconds: Int) -> AdminFault {
        AdminFault(
            status: .tooManyRequests,
            code: "too-many-failures",
            message: "too many requests from this address had no valid token",
            retryAfter: seconds
        )
    }
}
