import Contract
package import Identity

/// Decides which targets serve a request, and in which order they are tried; pure, with the chance as an argument.
package enum RoutePlanner {
    /// What of the moment and of the caller a plan depends on, besides the request.
    package struct Circumstances: Sendable {
        /// Milliseconds since 1970, for evidence.
        package var now: Int
        /// Nanoseconds on the monotonic clock, for health.
        package var monotonicNow: UInt64
        /// 64 uniform bits.
        package var random: UInt64
        /// The same for all requests of a session; nil for a request of none.
        package var affinity: UInt64?

        package init(now: Int = 0, monotonicNow: UInt64 = 0, random: UInt64, affinity: UInt64? = nil) {
            self.now = now
            self.monotonicNow = monotonicNow
            self.random = random
            self.affinity = affinity
        }
    }

    /// Plans for a request in one dialect.
    ///
    /// Candidates of the lowest priority number come first, those of the next behind them, each in the order of the
    /// group's strategy. Drawing them all at once without replacement is the same as drawing anew among the rest after
    /// each failure. Who failed lately comes last of all, so that no group is ever without a candidate for that; who
    /// asked to be left alone is none.
    package static func plan(
        _ group: Group,
        dialect: Dialect,
        needs: RequestNeeds = RequestNeeds(),
        health: HealthBoard = HealthBoard(),
        _ circumstances: Circumstances
    ) -> RoutePlan {
        let request = Eligibility.Request(
            dialect: dialect,
            needs: needs,
            strategy: group.strategy,
            proof: group.proof,
            now: circumstances.now
        )
        let now = circumstances.monotonicNow
        var ready: [Candidate] = []
        var ejected: [(candidate: Candidate, until: UInt64)] = []
        var refused: [RoutePlan.Refused] = []
        var heldUntil: UInt64?
        ready.reserveCapacity(group.targets.count)
        for target in group.targets {
            switch Eligibility.judge(target, request) {
            case .failure(let reason): refused.append(RoutePlan.Refused(position: target.position, reason: reason))
            case .success(let candidate):
                switch health.verdict(on: candidate.healthKey, at: now) {
                case .ready: ready.append(candidate)
                case .ejected(let until): ejected.append((candidate, until))
                case .held(let until):
                    heldUntil = min(heldUntil ?? until, until)
                    let wait = Int(clamping: (until - now) / 1_000_000)
                    let reason = Ineligibility.coolingDown(milliseconds: wait)
                    refused.append(RoutePlan.Refused(position: target.position, reason: reason))
                }
            }
        }
        if ready.count > 1 {
            ready = RoutePlanner.order(ready, group.strategy, needs, health, circumstances)
            // Who can do all that is asked comes before who has to make do, whatever the priority.
            if ready.contains(where: \.makesDo) { ready = ready.filter { !$0.makesDo } + ready.filter(\.makesDo) }
        }
        if !ejected.isEmpty {
            ejected.sort { ($0.until, $0.candidate.target.position) < ($1.until, $1.candidate.target.position) }
            ready.append(contentsOf: ejected.map(\.candidate))
        }
        return RoutePlan(
            ready,
            refused,
            heldFor: ready.isEmpty ? heldUntil.map { $0 > now ? $0 - now : 0 } : nil
        )
    }

    private static func order(
        _ candidates: [Candidate],
        _ strategy: GroupRecord.Strategy,
        _ needs: RequestNeeds,
        _ health: HealthBoard,
        _ circumstances: Circumstances
    ) -> [Candidate] {
        let sorted = candidates.sorted {
            ($0.target.priority, $0.target.position) < ($1.target.priority, $1.target.position)
        }
        guard strategy != .priority else { return sorted }
        var generator = SplitMix64(state: circumstances.random)
        var ordered: [Candidate] = []
        ordered.reserveCapacity(sorted.count)
        var rest = sorted[...]
        while let first = rest.first {
            let end = rest.firstIndex { $0.target.priority != first.target.priority } ?? rest.endIndex
            var peers = Array(rest[..<end])
            rest = rest[end...]
            // A session's own target comes first of all, so that the provider still has its prompt in the cache.
            let affinity = ordered.isEmpty && strategy.drawsByWeight ? circumstances.affinity : nil
            if let affinity, peers.count > 1,
                let index = Affinity.draw(peers.map { ($0.target.affinityName, $0.target.weight) }, key: affinity)
            {
                ordered.append(peers.remove(at: index))
            }
            switch strategy {
            case .priority: ordered.append(contentsOf: peers)
            case .weighted: RoutePlanner.draw(peers, with: &generator, into: &ordered)
            case .leastLatency:
                let now = circumstances.monotonicNow
                RoutePlanner.drawQuicker(peers, health, now, with: &generator, into: &ordered)
            case .leastCost:
                let key = ordered.isEmpty ? circumstances.affinity : nil
                RoutePlanner.sortByCost(peers, needs, affinity: key, with: &generator, into: &ordered)
            }
        }
        return ordered
    }

    /// Draws by weight without replacement.
    private static func draw(
        _ candidates: [Candidate],
        with generator: inout SplitMix64,
        into ordered: inout [Candidate]
    ) {
        var rest = candidates
        while rest.count > 1 {
            guard let index = RoutePlanner.index(in: rest, with: &generator) else { break }
            ordered.append(rest.remove(at: index))
        }
        ordered.append(contentsOf: rest)
    }

    private static func index(in candidates: [Candidate], with generator: inout SplitMix64) -> Int? {
        // Weights are at most 1 000 000 and a group has a few thousand targets at most: no overflow.
        let total = candidates.reduce(0) { $0 + $1.target.weight }
        guard total > 0 else { return nil }
        var mark = Int(generator.next() % UInt64(total))
        return candidates.firstIndex { candidate in
            mark -= candidate.target.weight
            return mark < 0
        }
    }

    /// Of two drawn by weight the quicker comes first (Mitzenmacher 2001), then two of the rest, and so on.
    private static func drawQuicker(
        _ candidates: [Candidate],
        _ health: HealthBoard,
        _ now: UInt64,
        with generator: inout SplitMix64,
        into ordered: inout [Candidate]
    ) {
        var rest = candidates
        while rest.count > 1 {
            guard let one = RoutePlanner.index(in: rest, with: &generator) else { break }
            let first = rest.remove(at: one)
            guard let other = RoutePlanner.index(in: rest, with: &generator) else {
                rest.append(first)
                break
            }
            let second = rest[other]
            if health.cost(of: second.healthKey, at: now) < health.cost(of: first.healthKey, at: now) {
                rest[other] = first
                ordered.append(second)
            } else {
                ordered.append(first)
            }
        }
        ordered.append(contentsOf: rest)
    }

    /// How long an answer is taken to be where the caller sets no cap.
    private static let usualOutputTokens = 1_000

    /// Of those that cost the same a session's own comes first: what its provider has in the cache is cheaper still.
    private static func sortByCost(
        _ candidates: [Candidate],
        _ needs: RequestNeeds,
        affinity: UInt64?,
        with generator: inout SplitMix64,
        into ordered: inout [Candidate]
    ) {
        let output = min(needs.outputTokens ?? RoutePlanner.usualOutputTokens, RoutePlanner.usualOutputTokens)
        var priced = candidates.map { candidate in
            let cost = candidate.target.price?.cost(inputTokens: needs.inputTokens, outputTokens: output)
            return (candidate: candidate, cost: cost ?? .infinity)
        }
        priced.sort { ($0.cost, $0.candidate.target.position) < ($1.cost, $1.candidate.target.position) }
        var rest = priced[...]
        while let first = rest.first {
            let end = rest.firstIndex { $0.cost != first.cost } ?? rest.endIndex
            var equal = rest[..<end].map(\.candidate)
            rest = rest[end...]
            if let affinity, ordered.isEmpty, equal.count > 1,
                let index = Affinity.draw(equal.map { ($0.target.affinityName, $0.target.weight) }, key: affinity)
            {
                ordered.append(equal.remove(at: index))
            }
            RoutePlanner.draw(equal, with: &generator, into: &ordered)
        }
    }
}
