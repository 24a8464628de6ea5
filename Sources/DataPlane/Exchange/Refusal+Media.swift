package import Dialects
package import Media

extension Refusal {
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
