/// A key that signs for the cluster, its private part sealed.
package struct SigningKeyRow: Hashable, Sendable {
    package let id: String
    package let publicKey: [UInt8]
    package let sealedPrivateKey: [UInt8]
    package let isRetired: Bool

    package init(id: String, publicKey: [UInt8], sealedPrivateKey: [UInt8], isRetired: Bool = false) {
        self.id = id
        self.publicKey = publicKey
        self.sealedPrivateKey = sealedPrivateKey
        self.isRetired = isRetired
    }
}
