/// Several SQL statements without parameters, compiled into the program: a migration.
///
/// It exists because a migration is a file of its own; nothing that comes from outside may become one.
package struct Script: Sendable {
    package let sql: String

    /// Nil when the bytes are not UTF-8 or hold a NUL.
    package init?(compiledIn bytes: [UInt8]) {
        guard let sql = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else { return nil }
        self.sql = sql
    }
}
