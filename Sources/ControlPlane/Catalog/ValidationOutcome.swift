package import Contract
import Wire

/// What a probe of one case found.
package struct ValidationOutcome: Hashable, Sendable {
    package enum Verdict: String, Hashable, Sendable, CaseIterable {
        case passed
        case failed
        /// Nothing is known: it could not be asked. It never counts as passed, and changes no verdict that stands.
        case notRun = "not-run"

        /// The verdict that evidence has; nil for none.
        package var evidence: EvidenceRecord.Verdict? {
            switch self {
            case .passed: .passed
            case .failed: .failed
            case .notRun: nil
            }
        }
    }

    package var verdict: Verdict
    /// Why it failed or was not run, without a secret.
    package var reason: String?
    package var passes: Int
    /// At least `passes`.
    package var attempts: Int
    package var latencyMilliseconds: Int?
    /// Such as `timeout` or `bad-request`.
    package var errorClass: String?
    package var inputTokens: Int?
    package var outputTokens: Int?
    /// The beginning of what was answered.
    package var answer: String?
    /// Rises whenever the probe asks or judges otherwise.
    package var probeVersion: Int

    package static let maximumAnswerCharacters = 500

    package init(
        verdict: Verdict,
        reason: String? = nil,
        passes: Int = 0,
        attempts: Int = 0,
        latencyMilliseconds: Int? = nil,
        errorClass: String? = nil,
        inputTokens: Int? = nil,
        outputTokens: Int? = nil,
        answer: String? = nil,
        probeVersion: Int
    ) {
        self.verdict = verdict
        self.reason = reason.map(ValidationOutcome.storable)
        self.passes = max(0, passes)
        self.attempts = max(self.passes, attempts)
        self.latencyMilliseconds = latencyMilliseconds
        self.errorClass = errorClass.map(ValidationOutcome.storable)
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.answer = answer.map(ValidationOutcome.storable)
        self.probeVersion = probeVersion
    }

    /// What a model says is hostile: PostgreSQL cannot store NUL, and nobody reads a megabyte.
    private static func storable(_ text: String) -> String {
        // Scalars, for one character may be of any length.
        var stored = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(ValidationOutcome.maximumAnswerCharacters) {
            stored.append(scalar == "\0" ? "\u{fffd}" : scalar)
        }
        return String(stored)
    }
}
