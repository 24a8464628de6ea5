import Identity
import Postgres
import Wire

extension Row {
    /// The row's history around `spec`.
    func stored<Spec>(_ spec: Spec) throws(PostgresError) -> Stored<Spec> {
        Stored(
            spec: spec,
            revision: try self.int("revision"),
            createdAt: try self.milliseconds("created_at"),
            updatedAt: try self.milliseconds("updated_at")
        )
    }

    func slug(_ column: String) throws(PostgresError) -> Slug {
        guard let slug = Slug(try self.text(column)) else { throw .undecodable(column: column, expected: "a slug") }
        return slug
    }

    func json(_ column: String) throws(PostgresError) -> JSONValue {
        do { return try JSONReader.read(Array(try self.text(column).utf8)) } catch let error as PostgresError {
            throw error
        } catch {
            throw .undecodable(column: column, expected: "JSON")
        }
    }

    /// What a resource's own reader makes of its stored form; what it refuses is our defect, not the caller's.
    func decoding<Spec>(_ column: String, _ read: () throws(JSONShapeError) -> Spec) throws(PostgresError) -> Spec {
        do { return try read() } catch { throw .undecodable(column: column, expected: "a sound resource: \(error)") }
    }

    func optionalMillisecondsInt(_ column: String) throws(PostgresError) -> Int? {
        try self.optionalMilliseconds(column).map { Int($0) }
    }
}

extension PostgresValue {
    static func optional(milliseconds: Int?) -> PostgresValue {
        .optional(milliseconds: milliseconds.map { Int64($0) })
    }

    static func json(_ value: JSONValue) -> PostgresValue { .text(JSONWriter.text(value)) }
}
