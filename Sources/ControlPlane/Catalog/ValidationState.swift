/// How far a validation is.
package enum ValidationState: String, Hashable, Sendable, CaseIterable {
    case queued
    case running
    case done
    /// It is over, and nothing could be asked.
    case failed
}
