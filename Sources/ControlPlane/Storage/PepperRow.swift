/// A pepper, sealed.
package struct PepperRow: Hashable, Sendable {
    package let id: String
    package let sealedKey: [UInt8]

    package init(id: String, sealedKey: [UInt8]) {
        self.id = id
        self.sealedKey = sealedKey
    }
}
