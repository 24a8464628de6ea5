import Contract
import Identity

extension RoutePlanner {
    /// Which of the candidates that a failed request has left is asked next, by what is known now; nil when none may be.
    ///
    /// The first that is ready, else of those that failed lately the one that is back first; who asked to be left alone
    /// meanwhile is not asked while it does. `hasBudget`: whether the node may ask in vain once more for the group. Where
    /// it may not, only who has not failed since it answered last is asked: nothing says that it would be in vain, and
    /// whoever does fail is not asked that way again before it answers.
    package static func next(
        among candidates: ArraySlice<Candidate>,
        health: HealthBoard,
        hasBudget: Bool,
        at now: UInt64
    ) -> Int? {
        var ejected: (index: Int, until: UInt64)?
        for index in candidates.indices {
            let key = candidates[index].healthKey
            switch health.verdict(on: key, at: now) {
            case .ready where hasBudget || health.isInGoodStanding(key): return index
            case .ejected(let until) where hasBudget && until < ejected?.until ?? .max: ejected = (index, until)
            case .ready, .ejected, .held: break
            }
        }
        return ejected?.index
    }
}

extension RoutingTable {
    /// Whether a candidate that a request has from an older table may still be asked: its target is in the group, asks the
    /// same model, and nobody switched it off.
    package func offers(_ candidate: Candidate, in group: Group) -> Bool {
        guard let group = self.group(group.id.text),
            let target = group.targets.first(where: { $0.id == candidate.target.id })
        else { return false }
        return target.enabled && target.provider.enabled
            && target.provider.id == candidate.target.provider.id && target.model.id == candidate.target.model.id
            && target.url(for: candidate.dialect) != nil
            && (target.weight > 0 || !group.strategy.drawsByWeight)
    }
}
