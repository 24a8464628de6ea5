package import NIOCore

/// A whole answer, as ``CurlReactor/fetch(_:maximumBodyBytes:)`` gives it.
package struct TransferResponse: Sendable {
    package let head: TransferHead
    package let body: ByteBuffer

    package init(head: TransferHead, body: ByteBuffer) {
        self.head = head
        self.body = body
    }

    package var status: Int { self.head.status }

    /// All header lines in order, names in lower case.
    package var headers: [(name: String, value: String)] { self.head.headers }
}
