package import Dialects
package import Media

extension Refusal {
    /// So many hosts of URLs are looked up that one of this request was not begun: other callers' doing, not its own.
    package static let lookupsSaturated = CallerError(
        status: 503,
        code: "not-ready",
        message: "The router looks up as many hosts of URLs as it can.",
        retryAfter: 2
    )

    /// An image that no provider is to be sent; `path` names its place in the body.
    package static func image(_ problem: ImageProblem, at path: String) -> CallerError {
        CallerError(
            status: 400,
            code: "invalid-request",
            message: "`\(path)` \(problem.text).",
            parameter: path.isEmpty ? nil : path,
            shouldRetry: false
        )
    }
}
