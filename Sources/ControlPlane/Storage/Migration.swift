package import Postgres

/// One numbered change of the database's shape, compiled into the program from `Migrations/NNNN-name.sql`.
///
/// Once released, a file is never edited: its checksum is stored where it was applied.
package struct Migration: Sendable {
    package let number: Int
    package let name: String
    package let script: Script

    init(_ number: Int, _ name: String, _ bytes: [UInt8]) {
        guard let script = Script(compiledIn: bytes) else {
            preconditionFailure("migration \(number) is not UTF-8 text")
        }
        self.number = number
        self.name = name
        self.script = script
    }

    /// All migrations of this program, in order.
    package static let all = [
        Migration(1, "foundation", PackageResources._001_foundation_sql),
        Migration(2, "configuration", PackageResources._002_configuration_sql),
        Migration(3, "strict-tokens", PackageResources._003_strict_tokens_sql),
        Migration(4, "evidence", PackageResources._004_evidence_sql),
        Migration(5, "node-targets", PackageResources._005_node_targets_sql),
    ]
}
