package import Dialects
import Wire

/// What a caller is told when every attempt of its request failed.
package enum TerminalFailure {
    /// One attempt that failed: the target's place in its group, from 0, and why.
    package struct Attempt: Hashable, Sendable {
        package let position: Int
        package let failure: AttemptFailure

        package init(position: Int, failure: AttemptFailure) {
            self.position = position
            self.failure = failure
        }
    }

    /// The error for attempts in their order, of which there is at least one.
    ///
    /// What the caller did wrong itself is told as the provider said it, whatever came before. Else the last failure
    /// decides when it was a timeout; quota, rate and access are told only when all attempts failed by them, as each
    /// asks something else of whoever reads it; all the rest is a failed upstream.
    package static func error(_ attempts: [Attempt], model: String, dialect: String) -> CallerError {
        guard let last = attempts.last?.failure else { return AttemptFailure.unsendable.callerError }
        switch last {
        case .badRequest, .unsendable, .shutdown: return last.callerError
        default: break
        }
        var error = TerminalFailure.decided(attempts, last: last)
        error.details = TerminalFailure.details(attempts, model: model, dialect: dialect, error)
        return error
    }

    private static func decided(_ attempts: [Attempt], last: AttemptFailure) -> CallerError {
        if last.callerError.code == "upstream-timeout" { return last.callerError }
        let errors = attempts.map(\.failure.callerError)
        guard let code = errors.first?.code, errors.allSatisfy({ $0.code == code }) else {
            return AttemptFailure.network.callerError
        }
        var error = last.callerError
        // The first target that may be asked again is the first chance of an answer.
        error.retryAfter = errors.compactMap(\.retryAfter).min()
        return error
    }

    private static func details(
        _ attempts: [Attempt],
        model: String,
        dialect: String,
        _ error: CallerError
    ) -> JSONObject {
        var details = error.details
        details["model"] = .string(model)
        details["dialect"] = .string(dialect)
        details["attempts"] = .int(attempts.count)
        details["targets"] = .array(
            attempts.map { ["target": .int($0.position), "error_class": .string($0.failure.code)] }
        )
        details["retryable"] = .bool(error.shouldRetry ?? true)
        return details
    }
}
