import Identity

/// Lets so many probes at a time go to each provider; the others wait in line.
actor ProviderTurns {
    private let limit: Int
    private var running: [Slug: Int] = [:]
    private var waiting: [Slug: [CheckedContinuation<Void, Never>]] = [:]

    init(limit: Int) {
        self.limit = max(1, limit)
    }

    func enter(_ provider: Slug) async {
        if self.running[provider, default: 0] < self.limit {
            self.running[provider, default: 0] += 1
            return
        }
        // Who leaves hands its turn on.
        await withCheckedContinuation { self.waiting[provider, default: []].append($0) }
    }

    func leave(_ provider: Slug) {
        if var line = self.waiting[provider], !line.isEmpty {
            let next = line.removeFirst()
            self.waiting[provider] = line.isEmpty ? nil : line
            next.resume()
            return
        }
        let left = self.running[provider, default: 1] - 1
        self.running[provider] = left > 0 ? left : nil
    }
}
