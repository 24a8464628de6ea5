/// Which targets of a group may serve a request, in the order in which they are to be tried, and why the
/// others may not.
package struct RoutePlan: Sendable {
    package struct Refused: Hashable, Sendable {
        /// The target's place in the group, from 0.
        package let position: Int
        package let reason: Ineligibility
    }

    package let candidates: [Target]
    package let refused: [Refused]
}
