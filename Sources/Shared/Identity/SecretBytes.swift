/// Bytes that no log, error or debugger print may show: keys and peppers.
package struct SecretBytes: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    package var count: Int { self.bytes.count }

    /// Lends the bytes to `body`; what `body` makes of them must not outlive the use they were taken for.
    package func withExposedBytes<Result, Failure: Error>(
        _ body: ([UInt8]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(self.bytes)
    }
}
