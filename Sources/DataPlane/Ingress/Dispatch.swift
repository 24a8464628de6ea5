import Canonical
import Dialects
import Exchange
import Routing
import Wire

/// A request on its way to one of its candidates: what is left to be tried.
///
/// Kept for as long as another target may have to be asked, and with it the caller's body.
struct Dispatch {
    let request: CallerRequest
    /// In the order in which they are to be tried.
    private(set) var rest: ArraySlice<Candidate>
    /// The request as other dialects are told it; read when the first of them is to be asked, and not kept while
    /// one is.
    var translator: Result<RequestTranslator, TranslationRefusal>?
    /// Of the body, for the first who reads it as a whole.
    var marks = JSONMarks()
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

    /// The candidate at this index of ``rest``, which leaves it.
    mutating func take(at index: Int) -> Candidate? {
        guard self.attemptsLeft > 0, self.rest.indices.contains(index) else { return nil }
        return index == self.rest.startIndex ? self.rest.removeFirst() : self.rest.remove(at: index)
    }

    /// Forgets who may not be asked any more.
    mutating func keep(where mayBeAsked: (Candidate) -> Bool) { self.rest = self.rest.filter(mayBeAsked)[...] }

    /// Puts the first candidate that `isPreferred` before all others.
    mutating func prefer(_ isPreferred: (Candidate) -> Bool) {
        guard let index = self.rest.firstIndex(where: isPreferred) else { return }
        self.rest.insert(self.rest.remove(at: index), at: self.rest.startIndex)
    }

    /// Counts an attempt that begins.
    mutating func began() { self.attemptsLeft -= 1 }
}
