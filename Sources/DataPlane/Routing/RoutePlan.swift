/// Which targets of a group may serve a request, in the order in which they are to be tried, and why the
/// others may not.
package struct RoutePlan: Sendable {
    package struct Refused: Hashable, Sendable {
        /// The target's place in the group, from 0.
        package let position: Int
        package let reason: Ineligibility

        package init(position: Int, reason: Ineligibility) {
            self.position = position
            self.reason = reason
        }
    }

    package let candidates: [Candidate]
    package let refused: [Refused]
    /// When there is no candidate only because providers asked to be left alone: nanoseconds until the first may be
    /// asked again.
    package let heldFor: UInt64?

    init(_ candidates: [Candidate], _ refused: [Refused], heldFor: UInt64? = nil) {
        self.candidates = candidates
        self.refused = refused
        self.heldFor = heldFor
    }
}
