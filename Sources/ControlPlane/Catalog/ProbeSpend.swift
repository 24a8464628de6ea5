/// What probes cost a provider on one day, as far as it is stored.
package struct ProbeSpend: Hashable, Sendable {
    /// Days since 1970, by the database's clock and in UTC.
    package let day: Int
    package let tokens: Int

    /// What an answer counts that tells no usage.
    package static let untold = 1000

    package init(day: Int, tokens: Int) {
        self.day = day
        self.tokens = tokens
    }
}
