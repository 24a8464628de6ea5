package import Contract

/// What probes may cost and how long they may take.
package struct ValidatorLimits: Sendable {
    /// Probes that go to one provider at a time.
    package var concurrency: Int
    /// Tokens that probes may cost a provider in a day, as this control plane counts them.
    package var tokensPerDay: Int
    /// How often a picture is shown.
    package var asks: Int
    /// Where a provider sets none of its own; the total holds in any case.
    package var timeouts: TimeoutRecord
    /// How long to wait before an ask is repeated that said nothing, each time.
    package var pauses: [Duration]

    /// Probes that are held at a time, for all providers together.
    ///
    /// A probe may hold its place for minutes and costs next to nothing meanwhile: only dozens of providers that do not
    /// answer, at once, keep the others waiting.
    package var places: Int { 64 * max(1, self.concurrency) }

    package init(
        concurrency: Int = 2,
        tokensPerDay: Int = 1_000_000,
        asks: Int = 3,
        timeouts: TimeoutRecord = TimeoutRecord(connect: 10_000, firstByte: 90_000, idle: 60_000, total: 120_000),
        pauses: [Duration] = [.seconds(1), .seconds(5)]
    ) {
        self.concurrency = concurrency
        self.tokensPerDay = tokensPerDay
        self.asks = asks
        self.timeouts = timeouts
        self.pauses = pauses
    }
}
