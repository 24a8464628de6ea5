package import NIOCore

/// One upstream request.
///
/// Refused with ``TransferFailure/invalidRequest`` before anything is sent: a header name that is no token, a value
/// with a control character, a framing header (`content-length`, `transfer-encoding`, `connection`, `expect`,
/// `upgrade`, …: the transport writes those itself), a URL that is not `http` or `https`, or one with a user in it.
package struct TransferRequest: Sendable {
    package enum Method: String, Hashable, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
        case head = "HEAD"
    }

    package var method: Method
    package var url: String
    package var headers: [TransferHeader]

    /// Slices sent in order, with `Content-Length` as the sum of these and the pieces; nothing at all = no body.
    package var body: [ByteBuffer]

    /// Sent in order behind the slices: what was written as arrays could only be copied into a buffer.
    package var bodyPieces: [ArraySlice<UInt8>]

    package var timeouts: TransferTimeouts

    /// URL of an explicit proxy; nil = none, whatever the environment says.
    package var proxy: String?

    /// Whether only addresses that the whole internet can reach are connected to, whatever the name resolves to.
    package var publicOnly: Bool

    /// Path of a PEM bundle that replaces the system's certificate authorities.
    package var certificateAuthorities: String?

    /// Bytes of all header lines of the answer, interim heads and trailers included.
    package var maximumHeaderBytes: Int

    /// Body bytes handed to the receiver and not yet reported as consumed, beyond which receiving pauses.
    package var windowBytes: Int

    package init(
        method: Method,
        url: String,
        headers: [TransferHeader] = [],
        body: [ByteBuffer] = [],
        bodyPieces: [ArraySlice<UInt8>] = [],
        timeouts: TransferTimeouts = TransferTimeouts(),
        proxy: String? = nil,
        publicOnly: Bool = false,
        certificateAuthorities: String? = nil,
        maximumHeaderBytes: Int = 64 * 1024,
        windowBytes: Int = 128 * 1024
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.bodyPieces = bodyPieces
        self.timeouts = timeouts
        self.proxy = proxy
        self.publicOnly = publicOnly
        self.certificateAuthorities = certificateAuthorities
        self.maximumHeaderBytes = maximumHeaderBytes
        self.windowBytes = windowBytes
    }
}
