package import NIOCore

/// What a receiver learns of a transfer: at most one head, then bodies, and exactly one end.
package enum TransferEvent: Sendable {
    /// The final head; interim ones (1xx) are skipped.
    case head(TransferHead)

    /// The next bytes of the body, never empty; what arrived in one turn of the loop comes as one.
    case body(ByteBuffer)

    /// The whole answer has been delivered.
    case finished(TransferTimings)

    /// No answer, or not all of it.
    case failed(TransferFailure, TransferTimings)
}
