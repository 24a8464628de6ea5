package import Identity
import Wire

/// Which providers asked to be left alone for a while, and until when.
///
/// Times are milliseconds since 1970, as `Retry-After` may name a date.
package struct ProviderPauses: Sendable {
    /// Whether a provider may be asked now.
    package enum Advice: Hashable, Sendable {
        case ask
        /// Soon: it is worth keeping the probe.
        case wait(milliseconds: Int)
        /// So late that others should be asked meanwhile.
        case later(seconds: Int)
    }

    /// Nobody is left alone for longer, whatever they ask for: what they can do would not be known for as long.
    package static let longest = 600_000
    /// The longest wait for which a probe keeps its place: each provider has few.
    package static let patience = 60_000

    private var ends: [Slug: Int] = [:]

    package init() {}

    /// Notes what an answer with this status says of the next question; `retryAfter` is its header of that name.
    package mutating func note(status: Int, retryAfter: String?, from provider: Slug, at now: Int) {
        guard status == 429 || status == 503, let retryAfter, let seconds = RetryAfter.seconds(retryAfter, now: now)
        else { return }
        let end = now + min(seconds * 1000, ProviderPauses.longest)
        // Of several answers the one that asks for most holds: a limit that is over sooner is another limit.
        self.ends[provider] = max(end, self.ends[provider] ?? end)
    }

    package mutating func advice(on provider: Slug, at now: Int) -> Advice {
        guard let end = self.ends[provider] else { return .ask }
        // A clock that was set back must not make a pause of it.
        let left = min(end - now, ProviderPauses.longest)
        guard left > 0 else {
            self.ends[provider] = nil
            return .ask
        }
        return left <= ProviderPauses.patience ? .wait(milliseconds: left) : .later(seconds: (left + 999) / 1000)
    }
}
