/// What all connections of one provider share.
struct Provider: Sendable {
    /// The keys that callers may use; at least one.
    let keys: [String]
    /// Added to the time of every answer, in milliseconds.
    let latency: Int
    let ledger: Ledger
    let canned = CannedAnswers()
    let paced = PacedTemplates()
    let kept = KeptResponses()
    let eyes = Eyes()

    init(keys: [String], latency: Int, ledger: Ledger) {
        self.keys = keys
        self.latency = latency
        self.ledger = ledger
    }
}
