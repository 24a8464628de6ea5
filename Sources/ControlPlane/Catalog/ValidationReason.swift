/// Why a model is validated.
package enum ValidationReason: String, Hashable, Sendable, CaseIterable {
    /// An administrator asked.
    case demand
    /// Its endpoint or upstream model is new.
    case change
    /// What is known of it is about to expire, or is in doubt.
    case schedule
}
