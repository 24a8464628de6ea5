/// Why something could not be sealed or opened; it never tells anything of keys or contents.
package enum SealingError: Error, Hashable, Sendable {
    /// Bytes that should be a key are none, or not the one that the id names.
    case invalidKey
    /// What is to be sealed exceeds what a reader accepts.
    case tooLarge
    /// The cryptographic library refused to sign or seal.
    case cannotSeal
    /// Sealed bytes do not open: wrong key, wrong context, damaged or forged.
    case cannotOpen
    /// The bytes opened, but they do not hold what they should.
    case malformed(String)
}
