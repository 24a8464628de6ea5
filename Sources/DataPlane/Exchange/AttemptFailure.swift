package import Dialects
import Wire

/// Why an attempt on a target gave no answer that could be passed on.
package enum AttemptFailure: Error, Hashable, Sendable {
    /// Which limit ran out.
    package enum Limit: String, Hashable, Sendable {
        case connect
        case firstByte = "first-byte"
        case idle
        case total
    }

    case timeout(Limit)
    /// No connection, or it broke before or while the answer came.
    case network
    /// The provider closed its answer before the end.
    case cutShort
    /// Not HTTP, not JSON, not this dialect.
    case garbage
    /// More than we are willing to hold.
    case tooLarge
    /// The provider said no with this status, or what stands for it inside an answer; `retryAfter` is in seconds.
    ///
    /// 413 is about the size of one request at this provider's limits: another may have higher ones.
    case status(Int, retryAfter: Int?)
    /// The provider reported a failure inside an answer that had begun as a success, and not which.
    case reportedInBand
    /// The provider refused what the caller asked for; the text was redacted.
    case badRequest(status: Int, message: String?, code: String?, parameter: String?)
    /// The request could not be put together: our fault.
    case unsendable
    /// The gateway is being shut down.
    case shutdown

    /// A bounded name for logs and metrics.
    package var code: String {
        switch self {
        case .timeout(let limit): "timeout-\(limit.rawValue)"
        case .network: "network"
        case .cutShort: "cut-short"
        case .garbage: "garbage"
        case .tooLarge: "too-large"
        case .status(let status, _): "status-\(status / 100)xx"
        case .reportedInBand: "reported"
        case .badRequest: "bad-request"
        case .unsendable: "unsendable"
        case .shutdown: "shutdown"
        }
    }

    /// Whether another target may do better: not where the request itself is at fault, or nobody waits any more.
    package var mayFailOver: Bool {
        switch self {
        case .badRequest, .tooLarge, .unsendable, .shutdown: false
        case .timeout, .network, .cutShort, .garbage, .status, .reportedInBand: true
        }
    }

    /// What it is once something of the answer has come: a provider that gives answers takes the router's credential and
    /// has the model, whatever ended this one.
    var behindAnswer: AttemptFailure {
        switch self {
        case .status(401, _), .status(403, _), .status(404, _): .reportedInBand
        default: self
        }
    }

    /// What the caller is told.
    package var callerError: CallerError {
        switch self {
        case .timeout:
            CallerError(
                status: 504,
                code: "upstream-timeout",
                message: "The provider did not answer in time: try a smaller task."
            )
        case .network, .cutShort, .garbage, .tooLarge, .reportedInBand:
            CallerError(status: 502, code: "upstream-failed", message: "The provider failed to answer.")
        case .status(let status, let retryAfter): AttemptFailure.callerError(status: status, retryAfter: retryAfter)
        case .badRequest(let status, let message, let code, let parameter):
            CallerError(
                status: status,
                code: code == ContextOverflow.code
                    ? ContextOverflow.code : status == 413 ? "request-too-large" : "invalid-request",
                message: message ?? "The provider refused the request as malformed.",
                parameter: parameter,
                details: JSONObject(
                    [("source", "upstream")] + (code.map { [("upstream_code", .string($0))] } ?? [])
                ),
                shouldRetry: false
            )
        case .unsendable:
            CallerError(
                status: 502,
                code: "upstream-failed",
                message: "The request could not be sent to the provider.",
                shouldRetry: false
            )
        case .shutdown:
            CallerError(status: 503, code: "not-ready", message: "The router is shutting down.", retryAfter: 1)
        }
    }

    /// The provider has limits that this request alone goes beyond; what is too large for all is a `badRequest`.
    var isBeyondLimits: Bool { if case .status(413, _) = self { true } else { false } }

    /// For how many seconds a provider that asks to be left alone is left alone at most.
    private static let longestWait = 900

    /// For how many seconds the gateway leaves a provider alone that asks for so many; nil where it asks for none.
    static func wait(_ retryAfter: Int?) -> Int? {
        retryAfter.flatMap { $0 > 0 ? min($0, AttemptFailure.longestWait) : nil }
    }

    private static func callerError(status: Int, retryAfter: Int?) -> CallerError {
        switch status {
        case 401, 403, 404:
            CallerError(
                status: 503,
                code: "upstream-access-denied",
                message: "The provider refused the router's own credential or model.",
                shouldRetry: false
            )
        case 402:
            CallerError(
                status: 503,
                code: "upstream-quota-exhausted",
                message: "The provider reports exhausted quota or credit.",
                shouldRetry: false
            )
        case 429:
            CallerError(
                status: 503,
                code: "upstream-rate-limited",
                message: "The provider limits the rate of requests.",
                retryAfter: AttemptFailure.wait(retryAfter)
            )
        case 413:
            CallerError(
                status: 413,
                code: "request-too-large",
                message: "The request has more tokens than the provider's limits let through at once: send less.",
                details: JSONObject([("source", "upstream")]),
                shouldRetry: false
            )
        case 408, 504:
            CallerError(
                status: 504,
                code: "upstream-timeout",
                message: "The provider did not answer in time: try a smaller task."
            )
        default:
            CallerError(
                status: 502,
                code: "upstream-failed",
                message: "The provider failed to answer.",
                // What the others ask for is not waited for.
                retryAfter: [503, 529].contains(status) ? AttemptFailure.wait(retryAfter) : nil
            )
        }
    }
}
