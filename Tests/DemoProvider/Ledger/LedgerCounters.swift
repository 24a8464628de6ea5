import Wire

/// Totals since the start, or since the ledger was cleared.
struct LedgerCounters: Hashable, Sendable {
    var rows = 0
    /// Requests that are being answered now.
    var inFlight = 0
    /// Of them, those whose caller takes no more bytes now.
    var blocked = 0
    /// Bytes of answers that were handed to connections, but not of the fast path; those of one that goes on are
    /// counted when it blocks.
    var bytesOut = 0
    /// Answers of the fast path, which leave no row.
    var canned = 0
    var pacedStarted = 0
    var pacedCompleted = 0
    /// Paced streams whose caller went away before the end.
    var pacedAborted = 0

    var json: JSONValue {
        [
            "rows": .int(self.rows), "in_flight": .int(self.inFlight), "blocked": .int(self.blocked),
            "bytes_out": .int(self.bytesOut), "canned": .int(self.canned),
            "paced_started": .int(self.pacedStarted), "paced_completed": .int(self.pacedCompleted),
            "paced_aborted": .int(self.pacedAborted),
        ]
    }
}
