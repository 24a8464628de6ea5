/// The four limits on a transfer's time; nil = none.
package struct TransferTimeouts: Hashable, Sendable {
    /// Name lookup, TCP and TLS together, and waiting for a free connection.
    ///
    /// Without it libcurl's 300 s apply.
    package var connect: Duration?

    /// From the start of the request to the end of the answer's head (interim 1xx answers do not count).
    package var firstByte: Duration?

    /// Between two pieces of the answer, not counting time the receiver itself held the transfer up.
    package var idle: Duration?

    /// From the start of the request to the end of the answer.
    package var total: Duration?

    package init(
        connect: Duration? = nil,
        firstByte: Duration? = nil,
        idle: Duration? = nil,
        total: Duration? = nil
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
    }
}
