package import Catalog

/// What became of a result.
package struct ValidationReceipt: Hashable, Sendable {
    /// False when the lease ran out and the result was not taken: another asks, or has asked.
    package let isTaken: Bool
    /// What it did to the verdict that stands; nil where it says nothing.
    package let change: StandingVerdict.Change?
    /// Whether it was the last of its validation.
    package let isLast: Bool

    static let lost = ValidationReceipt(isTaken: false, change: nil, isLast: false)
}
