package import Catalog
package import Identity

/// How many tokens probes may cost a provider in a day.
///
/// What is stored of it tells what other control planes spent, and this one before it was started anew.
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
        self.begin(now)
        return self.spent[provider, default: 0] < self.tokensPerDay
    }

    /// Takes over what is stored where it is more than was charged here; that of another day says nothing.
    package mutating func note(_ stored: ProbeSpend, of provider: Slug, at now: Int) {
        self.begin(now)
        guard stored.day == self.day else { return }
        self.spent[provider] = max(self.spent[provider, default: 0], stored.tokens)
    }

    private mutating func begin(_ now: Int) {
        let day = now / SpendLimit.dayLength
        guard day != self.day else { return }
        self.day = day
        self.spent = [:]
    }

    package mutating func charge(_ tokens: Int, to provider: Slug) {
        let (sum, overflow) = self.spent[provider, default: 0].addingReportingOverflow(max(0, tokens))
        self.spent[provider] = overflow ? .max : sum
    }
}
