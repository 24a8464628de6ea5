package import Exchange

/// Where finished requests are told: the log line and the numbers.
package protocol RequestJournal: Sendable {
    /// A request's head has arrived.
    func began()
    /// A request has ended, however it did.
    func ended(_ record: RequestRecord)
}
