package import Contract
package import Identity

/// Decides which target serves a request; pure, with the chance as an argument.
package enum RoutePlanner {
    /// Plans for a request in one dialect.
    ///
    /// `random` is 64 uniform bits.
    ///
    /// Eligible targets of the lowest priority number come first, those of the next behind them. Within one
    /// priority, `weighted` draws without replacement, each draw by weight; `priority` keeps the order of the
    /// configuration.
    package static func plan(_ group: Group, dialect: Dialect, random: UInt64) -> RoutePlan {
        var eligible: [Target] = []
        var refused: [RoutePlan.Refused] = []
        eligible.reserveCapacity(group.targets.count)
        for target in group.targets {
            if let reason = RoutePlanner.ineligibility(of: target, dialect: dialect, strategy: group.strategy) {
                refused.append(RoutePlan.Refused(position: target.position, reason: reason))
            } else {
                eligible.append(target)
            }
        }
        guard eligible.count > 1 else { return RoutePlan(candidates: eligible, refused: refused) }

        eligible.sort { ($0.priority, $0.position) < ($1.priority, $1.position) }
        guard group.strategy == .weighted else { return RoutePlan(candidates: eligible, refused: refused) }
        var generator = SplitMix64(state: random)
        var ordered: [Target] = []
        ordered.reserveCapacity(eligible.count)
        var rest = eligible[...]
        while let first = rest.first {
            let end = rest.firstIndex { $0.priority != first.priority } ?? rest.endIndex
            RoutePlanner.draw(Array(rest[..<end]), with: &generator, into: &ordered)
            rest = rest[end...]
        }
        return RoutePlan(candidates: ordered, refused: refused)
    }

    /// Why the target may not serve a request in `dialect`, nil when it may.
    package static func ineligibility(
        of target: Target,
        dialect: Dialect,
        strategy: GroupRecord.Strategy
    ) -> Ineligibility? {
        guard target.enabled else { return .disabled }
        guard target.provider.enabled else { return .providerDisabled }
        guard target.servingDialect(for: dialect) != nil else { return .dialect }
        guard strategy != .weighted || target.weight > 0 else { return .weightless }
        return nil
    }

    private static func draw(_ targets: [Target], with generator: inout SplitMix64, into ordered: inout [Target]) {
        var rest = targets
        // Weights are at most 1 000 000 and a group has a few thousand targets at most: no overflow.
        var total = rest.reduce(0) { $0 + $1.weight }
        while rest.count > 1, total > 0 {
            var mark = Int(generator.next() % UInt64(total))
            let index = rest.firstIndex { target in
                mark -= target.weight
                return mark < 0
            }
            guard let index else { break }
            let target = rest.remove(at: index)
            total -= target.weight
            ordered.append(target)
        }
        ordered.append(contentsOf: rest)
    }
}
