/// What the pool's shell is to do; plain data.
package enum PoolAction: Hashable, Sendable {
    /// Lend the connection to the request.
    case grant(request: UInt64, slot: Int)
    case fail(request: UInt64, Unavailability)
    /// Call `waitEnded` after this time.
    case timeWait(request: UInt64, Duration)
    /// Open a connection and call `connected` or `connectFailed`.
    case connect(slot: Int)
    /// Call `retryDue` after this time.
    case timeRetry(slot: Int, Duration)
}
