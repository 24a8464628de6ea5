/// The number of one transfer, unique in this process.
package struct TransferID: Hashable, Sendable, CustomStringConvertible {
    package let number: UInt64

    package init(_ number: UInt64) {
        self.number = number
    }

    package var description: String { "transfer \(self.number)" }
}
