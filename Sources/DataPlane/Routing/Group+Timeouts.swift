package import Contract

extension Group {
    /// Milliseconds that a request to the group has in all, however many targets are asked; nil for no limit.
    package func total(defaults: TimeoutRecord) -> Int? { self.timeouts.total ?? defaults.total }

    /// The limits of an attempt on one of its targets.
    ///
    /// The request's own total is shared: what other attempts took of it, `spent` in milliseconds, is gone. A provider's
    /// total is each attempt's, within what is left of the request's; the first has all of it, as `defaults` are only
    /// for those who say nothing.
    package func timeouts(of target: Target, defaults: TimeoutRecord, spent: Int) -> TimeoutRecord {
        var limits = target.timeouts.falling(backTo: defaults)
        guard spent > 0 else { return limits }
        let left = self.total(defaults: defaults).map { max(1, $0 - spent) }
        limits.total = [limits.total, left].compactMap { $0 }.min()
        return limits
    }
}
