package import Routing

extension RoutePlan.Refused {
    /// Seconds until the first of those may be asked that are left alone for a while; nil where none is.
    package static func pause(of refused: [RoutePlan.Refused]) -> Int? {
        refused.compactMap { target in
            guard case .coolingDown(let milliseconds) = target.reason else { return nil }
            // Rounded up: a second too early is a second refusal.
            return max(1, milliseconds / 1000 + 1)
        }.min()
    }
}
