import Glibc

/// The ledger's file could not be opened.
struct LedgerFileError: Error, Hashable, Sendable, CustomStringConvertible {
    let path: String
    let errno: Int32

    var description: String { "cannot append to the ledger \(self.path): errno \(self.errno)" }
}
