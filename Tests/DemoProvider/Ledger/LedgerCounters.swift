import Wire

/// Totals since the start, or since the ledger was cleared.
struct LedgerCounters: Hashable, Sendable {
    var rows = 0
    /// Requests that are being answered now.
    var inFlight = 0
    /// Answers of the fast path, which leave no row.
    var canned = 0
    var pacedStarted = 0
    var pacedCompleted = 0
    /// Paced streams whose caller went away before the end.
    var pacedAborted = 0

    var json: JSONValue {
        [
            "rows": .int(self.rows), "in_flight": .int(self.inFlight), "canned": .int(self.canned),
            "paced_started": .int(self.pacedStarted), "paced_completed": .int(self.pacedCompleted),
            "paced_aborted": .int(self.pacedAborted),
        ]
    }
}
