/// What all probes have in common.
package enum Probe {
    /// Rises whenever a probe asks or judges otherwise: verdicts of another version are not held against it.
    package static let version = 2
    /// The longest answer that is read; who says more to a question of one line has failed it.
    package static let maximumAnswerBytes = 1 << 20
    /// How often a model is shown a picture unless it is set otherwise.
    package static let usualAsks = 3
}
