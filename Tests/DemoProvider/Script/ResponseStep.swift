/// One thing to do on the connection while answering.
enum ResponseStep: Hashable, Sendable {
    case write([UInt8])
    /// Sends what was written and waits.
    case pause(milliseconds: Int)
    /// Sends what was written and closes, with a reset instead of an orderly end if so told.
    case close(reset: Bool)
    /// Sends what was written and then does nothing until the caller goes away.
    case hang
}
