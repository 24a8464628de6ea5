/// How a model failed a probe.
package enum ProbeErrorClass: String, Hashable, Sendable, CaseIterable {
    /// The request was refused as one that the model or the endpoint does not take.
    case rejected
    /// The picture was taken, and not read right.
    case misread
    /// The model declined to answer.
    case refused
    /// No answer of the dialect.
    case garbage
    /// More than ``Probe/maximumAnswerBytes``.
    case tooLarge = "too-large"
    /// A stream without an end.
    case truncated
    case wrongAnswer = "wrong-answer"
    /// A tool was to be called and was not, or another was.
    case noToolCall = "no-tool-call"
    /// Arguments that do not fit the tool's schema.
    case badArguments = "bad-arguments"
    /// Fewer calls in one turn than were asked for.
    case callsMissing = "calls-missing"
    /// An answer that does not fit the schema that was asked for.
    case badStructure = "bad-structure"
    /// More was written than the cap allows.
    case capIgnored = "cap-ignored"
    case noUsage = "no-usage"
    case noReasoning = "no-reasoning"
}
