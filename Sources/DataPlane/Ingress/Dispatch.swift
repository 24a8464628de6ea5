import Canonical
import Dialects
import Exchange
import Routing

/// A request on its way to one of its candidates: what is left to be tried.
///
/// Kept for as long as another target may have to be asked, and with it the caller's body.
struct Dispatch {
    let request: CallerRequest
    /// In the order in which they are to be tried.
    private var rest: ArraySlice<Candidate>
    /// The request as other dialects are told it; read when the first of them is to be asked, and not kept while
    /// one is.
    var translator: Result<RequestTranslator, TranslationRefusal>?
    /// How many attempts may follow.
    private var attemptsLeft: Int

    init(_ request: CallerRequest, candidates: [Candidate], maximumAttempts: Int) {
        self.request = request
        self.rest = candidates[...]
        self.attemptsLeft = maximumAttempts
    }

    /// Whether another candidate could still be asked.
    var hasMore: Bool { self.attemptsLeft > 0 && !self.rest.isEmpty }

    /// How many candidates are left, whether they may be asked or not.
    var untried: Int { self.rest.count }

    /// The next candidate to be tried; nil when there is none, or the attempts are used up.
    mutating func next() -> Candidate? {
        guard self.attemptsLeft > 0 else { return nil }
        return self.rest.popFirst()
    }

    /// Puts the first candidate that `isPreferred` before all others.
    mutating func prefer(_ isPreferred: (Candidate) -> Bool) {
        guard let index = self.rest.firstIndex(where: isPreferred) else { return }
        self.rest.insert(self.rest.remove(at: index), at: self.rest.startIndex)
    }

    /// Counts an attempt that begins.
    mutating func began() { self.attemptsLeft -= 1 }
}
