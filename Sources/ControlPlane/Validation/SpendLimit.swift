package import Identity

/// How many tokens probes may cost a provider in a day.
package struct SpendLimit: Sendable {
    private let tokensPerDay: Int
    private var day = 0
    private var spent: [Slug: Int] = [:]

    private static let dayLength = 86_400_000

    package init(tokensPerDay: Int) {
        self.tokensPerDay = tokensPerDay
    }

    /// Whether the provider may be asked at `now`, in milliseconds since 1970.
    package mutating func admits(_ provider: Slug, at now: Int) -> Bool {
        let day = now / SpendLimit.dayLength
        if day != self.day {
            self.day = day
            self.spent = [:]
        }
        return self.spent[provider, default: 0] < self.tokensPerDay
    }

    package mutating func charge(_ tokens: Int, to provider: Slug) {
        let (sum, overflow) = self.spent[provider, default: 0].addingReportingOverflow(max(0, tokens))
        self.spent[provider] = overflow ? .max : sum
    }
}
