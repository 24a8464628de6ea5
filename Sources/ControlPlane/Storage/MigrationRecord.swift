package import Identity

/// A migration by number, name and the SHA-256 of its text: as the program has it, or as the database knows it.
package struct MigrationRecord: Hashable, Sendable {
    package let number: Int
    package let name: String
    package let checksum: Digest

    package init(number: Int, name: String, checksum: Digest) {
        self.number = number
        self.name = name
        self.checksum = checksum
    }
}
