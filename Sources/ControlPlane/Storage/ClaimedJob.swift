package import Catalog

/// A case of a validation that somebody has taken.
package struct ClaimedJob: Hashable, Sendable {
    package let id: Int
    package let validation: Int
    package let key: EvidenceKey
    /// How often it was taken, this time included.
    package let claims: Int
}
