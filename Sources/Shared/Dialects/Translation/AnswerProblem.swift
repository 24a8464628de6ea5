package import Canonical

/// Carries why a provider's answer is none out of a decoder.
package struct AnswerProblem: Error, Hashable, Sendable {
    package var failure: StreamFailure

    package init(_ failure: StreamFailure) { self.failure = failure }
}
