package import Identity
package import Postgres

extension Row {
    /// A `bytea` of 32 bytes.
    package func digest(_ column: String) throws(PostgresError) -> Digest {
        guard let digest = Digest(try self.bytes(column)) else {
            throw .undecodable(column: column, expected: "32 bytes")
        }
        return digest
    }

    package func optionalDigest(_ column: String) throws(PostgresError) -> Digest? {
        guard let bytes = try self.optionalBytes(column) else { return nil }
        guard let digest = Digest(bytes) else { throw .undecodable(column: column, expected: "32 bytes") }
        return digest
    }
}
