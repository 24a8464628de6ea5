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
    /// What the caller did wrong itself is told as the provider said it, whatever came before. Whose limits the request
    /// alone goes beyond decides only where all are so. Else the last failure
    /// decides when it was a timeout; quota, rate and access are told only when all attempts failed by them, as each
    /// asks something else of whoever reads it; all the rest is a failed upstream.
    ///
    /// `elsewhere`: seconds until a target may be asked that was not, 0 for at once; nil where there is none.
    package static func error(
        _ attempts: [Attempt],
        model: String,
        dialect: String,
        elsewhere: Int? = nil
    ) -> CallerError {
        guard let last = attempts.last?.failure else { return AttemptFailure.unsendable.callerError }
        switch last {
        case .badRequest, .unsendable, .shutdown: return last.callerError
        default: break
        }
        let fitting = attempts.map(\.failure).filter { !$0.isBeyondLimits }
        var error = TerminalFailure.decided(fitting.isEmpty ? [last] : fitting)
        error.retryAfter = error.shouldRetry == false ? nil : TerminalFailure.wait(fitting, elsewhere: elsewhere)
        error.details = TerminalFailure.details(attempts, model: model, dialect: dialect, error)
        return error
    }

    private static func decided(_ failures: [AttemptFailure]) -> CallerError {
        let errors = failures.map(\.callerError)
        guard let last = errors.last else { return AttemptFailure.network.callerError }
        if last.code == "upstream-timeout" || errors.allSatisfy({ $0.code == last.code }) { return last }
        return AttemptFailure.network.callerError
    }

    /// Seconds until the gateway itself would ask a target again that may answer then; nil when it would at once.
    ///
    /// Who needs to be mended by people answers no sooner for being asked later.
    private static func wait(_ failures: [AttemptFailure], elsewhere: Int?) -> Int? {
        let waits = failures.map(\.callerError).filter { $0.shouldRetry != false }.map { $0.retryAfter ?? 0 }
        guard let shortest = (waits + (elsewhere.map { [$0] } ?? [])).min(), shortest > 0 else { return nil }
        return shortest
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
