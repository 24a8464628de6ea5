/// Why no answer, or no complete one, came.
package enum TransferFailure: Error, Hashable, Sendable, CaseIterable {
    /// No connection in time (the upstream's or the network's fault).
    case connectTimeout

    /// Connected, but the answer did not begin in time (the upstream's fault).
    case firstByteTimeout

    /// The answer stalled (the upstream's fault).
    case idleTimeout

    /// The answer did not end in time (the upstream's fault, or the limit's).
    case totalTimeout

    /// The upstream's or the proxy's name has no address (configuration or name service).
    case resolveFailed

    /// Nobody listens there, or the proxy refused (the upstream's or the network's fault).
    case connectFailed

    /// No TLS session: a certificate that is not trusted, another name, no common version (upstream or configuration).
    case tlsFailed

    /// The connection broke while the request was being sent.
    case sendFailed

    /// The connection was reset or closed before the answer began, or reset while it came (the upstream's fault).
    case receiveFailed

    /// The answer was closed before its declared end (the upstream's fault).
    case cutShort

    /// Not HTTP, or framing that cannot be trusted (the upstream's fault).
    case badResponse

    /// More header bytes than ``TransferRequest/maximumHeaderBytes`` (the upstream's fault).
    case headersTooLarge

    /// More than 16 interim (1xx) answers (the upstream's fault).
    case tooManyInterimResponses

    /// More body bytes than the caller of ``CurlReactor/fetch(_:maximumBodyBytes:)`` takes; no other transfer fails so.
    case bodyTooLarge

    /// ``Transfer/cancel()`` was called.
    case cancelled

    /// The request cannot be sent as it is (the caller's fault, or the configuration's).
    case invalidRequest

    /// The reactor was shut down.
    case shutdown
}
