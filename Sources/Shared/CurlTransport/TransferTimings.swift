/// How a transfer went in time, measured by the reactor's monotonic clock at the granularity of its turns.
package struct TransferTimings: Hashable, Sendable {
    /// From the reactor's taking up the request to the first byte of the final answer; nil = none came.
    package var firstByte: Duration?

    /// From the reactor's taking up the request to the end.
    package var total: Duration

    /// False only when it is certain that no byte of the request was written to any connection to the upstream.
    package var requestMayHaveBeenSent: Bool

    /// Whether the last connection used had served an earlier transfer.
    package var connectionReused: Bool

    /// On how many connections the request was tried: more than one where a kept one closed as it went out.
    package var dispatches: Int

    package init(
        firstByte: Duration? = nil,
        total: Duration = .zero,
        requestMayHaveBeenSent: Bool = false,
        connectionReused: Bool = false,
        dispatches: Int = 0
    ) {
        self.firstByte = firstByte
        self.total = total
        self.requestMayHaveBeenSent = requestMayHaveBeenSent
        self.connectionReused = connectionReused
        self.dispatches = dispatches
    }
}
