/// Gives every call of one answer an id of its own, the provider's where it has one.
///
/// What is made up has a space in it, so that ``AnswerRestoration`` hashes it with the request's id.
struct CallIDs: Sendable {
    private var given: Set<String> = []

    /// `answer` is the provider's id of the answer: ids made up for different answers should differ.
    mutating func next(_ id: String?, answer: String?) -> String {
        var candidate: String
        if let id, !id.isEmpty {
            candidate = id
        } else {
            candidate = "\(answer ?? "answer") \(self.given.count)"
        }
        let base = candidate
        var suffix = 2
        while self.given.contains(candidate) {
            candidate = "\(base)_\(suffix)"
            suffix += 1
        }
        self.given.insert(candidate)
        return candidate
    }
}
