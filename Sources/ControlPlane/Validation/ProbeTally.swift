package import Catalog
package import Contract
import Canonical

/// Counts the asks of one case until it is decided.
///
/// Of a picture case all asks are made, and two thirds have to be right; usage has to be told by a whole answer and by
/// a stream; every other case has a second chance, so that a verdict of failure rests on two answers.
package struct ProbeTally: Sendable {
    private let asked: CapabilityCase
    private let maximum: Int
    private let needed: Int
    private var passes = 0
    private var failures = 0
    private var milliseconds = 0
    private var input: Int?
    private var output: Int?
    private var errorClass: ProbeErrorClass?
    private var answer: String?
    private var inconclusive: String?

    /// `asks` is how often a picture is shown, at least once.
    package init(_ asked: CapabilityCase, asks: Int = Probe.usualAsks) {
        self.asked = asked
        if asked.needsProof {
            self.maximum = max(1, asks)
            self.needed = (2 * self.maximum + 2) / 3
        } else {
            self.maximum = 2
            self.needed = asked == .usageReported ? 2 : 1
        }
    }

    /// How many asks have counted.
    package var attempts: Int { self.passes + self.failures }

    private var hasPassed: Bool { self.passes >= self.needed }
    private var hasFailed: Bool { self.failures > self.maximum - self.needed }

    package var isDone: Bool {
        if self.inconclusive != nil || self.attempts >= self.maximum { return true }
        return !self.asked.needsProof && (self.hasPassed || self.hasFailed)
    }

    /// `latency` is how long the answer took, in milliseconds.
    package mutating func add(_ answer: ProbeAnswer, latency: Int) {
        if let input = answer.usage.input { self.input = (self.input ?? 0) + input }
        if let output = answer.usage.output { self.output = (self.output ?? 0) + output }
        switch answer.verdict {
        case .passed: self.passes += 1
        case .failed(let errorClass):
            self.failures += 1
            self.errorClass = errorClass
        case .inconclusive(let reason):
            self.inconclusive = reason
            return
        }
        self.milliseconds += latency
        // What was wrong is worth more to who looks at it.
        if self.errorClass == nil || answer.verdict != .passed { self.answer = answer.text }
    }

    /// What is found; an ask that said nothing counts only where the others do not decide.
    package var outcome: ValidationOutcome {
        let verdict: ValidationOutcome.Verdict = self.hasPassed ? .passed : self.hasFailed ? .failed : .notRun
        var reason: String?
        switch verdict {
        case .passed: break
        case .failed:
            reason = "\(self.passes) of \(self.attempts) answers were right: \(self.errorClass?.rawValue ?? "")"
        case .notRun: reason = self.inconclusive ?? "it was not asked often enough"
        }
        return ValidationOutcome(
            verdict: verdict,
            reason: reason,
            passes: self.passes,
            attempts: self.attempts,
            latencyMilliseconds: self.attempts > 0 ? self.milliseconds / self.attempts : nil,
            errorClass: self.errorClass?.rawValue,
            inputTokens: self.input,
            outputTokens: self.output,
            answer: self.answer.map(ProbeTally.printable),
            probeVersion: Probe.version
        )
    }

    /// What a model says is shown to people on terminals and pages: nothing in it may act there.
    static func printable(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(ValidationOutcome.maximumAnswerCharacters) {
            switch scalar.properties.generalCategory {
            case .control: shown.append(scalar == "\n" || scalar == "\t" ? " " : "\u{fffd}")
            case .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
                shown.append("\u{fffd}")
            default: shown.append(scalar)
            }
        }
        return String(shown)
    }
}
