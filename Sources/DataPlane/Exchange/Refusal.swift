package import Dialects
import Wire

/// Every "no" that the gateway itself says to callers: status, code and fixed text.
///
/// Statuses and codes are a contract with users.
package enum Refusal {
    // MARK: Form of the request

    package static func invalidFraming(_ message: String) -> CallerError {
        CallerError(
            status: 400,
            code: "invalid-request",
            message: "The request is malformed: \(message).",
            shouldRetry: false
        )
    }

    package static func invalidBody(_ problem: String, parameter: String? = nil) -> CallerError {
        CallerError(
            status: 400,
            code: "invalid-request",
            message: "The request body is not usable: \(problem).",
            parameter: parameter,
            shouldRetry: false
        )
    }

    package static let missingModel = CallerError(
        status: 400,
        code: "missing-model",
        message: "The field `model` is missing: name one of the model groups that /v1/models lists.",
        parameter: "model",
        shouldRetry: false
    )

    package static let contradictoryCredentials = CallerError(
        status: 400,
        code: "invalid-request",
        message: "Authorization and x-api-key name different credentials, or one of them came more than once: send one "
            + "of them, once.",
        shouldRetry: false
    )

    package static let requestTooLarge = CallerError(
        status: 413,
        code: "request-too-large",
        message: "The request body is larger than 64 MiB.",
        shouldRetry: false
    )

    package static let headersTooLarge = CallerError(
        status: 431,
        code: "invalid-request",
        message: "The request headers are larger than 32 KiB or more than 100.",
        shouldRetry: false
    )

    package static let unsupportedEncoding = CallerError(
        status: 415,
        code: "unsupported-media-type",
        message: "Compressed request bodies are not accepted.",
        shouldRetry: false
    )

    package static let unsupportedMediaType = CallerError(
        status: 415,
        code: "unsupported-media-type",
        message: "The request body must be application/json.",
        shouldRetry: false
    )

    package static let expectationFailed = CallerError(
        status: 417,
        code: "invalid-request",
        message: "The only expectation served is 100-continue.",
        shouldRetry: false
    )

    package static let upgradeRequired = CallerError(
        status: 426,
        code: "invalid-request",
        message: "WebSockets are not served here: use HTTP.",
        shouldRetry: false
    )

    package static let notFound = CallerError(
        status: 404,
        code: "not-found",
        message: "There is nothing at this path.",
        shouldRetry: false
    )

    /// Also for a request of another token: whose it is, is nobody's business.
    package static let unknownRequest = CallerError(
        status: 404,
        code: "not-found",
        message: "No request of this token with this id is remembered: decisions are kept for up to 15 minutes by the "
            + "node that made them.",
        shouldRetry: false
    )

    package static func methodNotAllowed(_ methods: [String]) -> CallerError {
        var error = CallerError(
            status: 405,
            code: "method-not-allowed",
            message: "This path serves \(methods.joined(separator: " and ")) only.",
            shouldRetry: false
        )
        error.allowedMethods = methods
        return error
    }

    package static let requestTimeout = CallerError(
        status: 408,
        code: "request-timeout",
        message: "The request did not arrive in time."
    )

    // MARK: Who asks, and for what

    package static let unauthorized = CallerError(
        status: 401,
        code: "unauthorized",
        message: "The router token is missing or unknown.",
        shouldRetry: false
    )

    package static let keyRevoked = CallerError(
        status: 403,
        code: "key-revoked",
        message: "This router token was revoked.",
        shouldRetry: false
    )

    package static let keyExpired = CallerError(
        status: 403,
        code: "key-expired",
        message: "This router token is expired.",
        shouldRetry: false
    )

    package static let keyNotYetValid = CallerError(
        status: 403,
        code: "key-not-yet-valid",
        message: "This router token is not valid yet.",
        shouldRetry: false
    )

    package static let endpointNotAllowed = CallerError(
        status: 403,
        code: "endpoint-not-allowed",
        message: "This router token may not use this endpoint.",
        shouldRetry: false
    )

    /// The same for a group that does not exist and one that the token may not use.
    package static let modelNotAllowed = CallerError(
        status: 403,
        code: "model-not-allowed",
        message: "This router token may not use this model: /v1/models lists those that it may use.",
        parameter: "model",
        shouldRetry: false
    )

    // MARK: What a provider keeps

    package static let responseKeeperGone = CallerError(
        status: 400,
        code: "invalid-request",
        message: "The response that `previous_response_id` names is kept by a target that does not serve this model "
            + "group any more: send the conversation again without it.",
        parameter: "previous_response_id",
        shouldRetry: false
    )

    package static let responseKeeperUnknown = CallerError(
        status: 400,
        code: "invalid-request",
        message: "`previous_response_id` names no response of this model group, whose targets keep responses at "
            + "several providers: send the conversation again without it.",
        parameter: "previous_response_id",
        shouldRetry: false
    )

    package static let conversationKeeperUnknown = CallerError(
        status: 400,
        code: "invalid-request",
        message: "`conversation` is known to one provider only, and this model group has several: send the turns as "
            + "`input`.",
        parameter: "conversation",
        shouldRetry: false
    )

    // MARK: The gateway itself

    package static let notReady = CallerError(
        status: 503,
        code: "not-ready",
        message: "The router has no configuration yet.",
        retryAfter: 2
    )

    package static let stale = CallerError(
        status: 503,
        code: "not-ready",
        message: "The router has not heard from its control plane for longer than this deployment accepts.",
        retryAfter: 30
    )

    package static let overloaded = CallerError(
        status: 503,
        code: "not-ready",
        message: "The router holds as many requests as it can.",
        retryAfter: 1
    )
}
