/// One SQL statement: text that was written in the source, and the values of its `$1`, `$2`, ….
///
/// The text is a `StaticString`, so that nothing a caller sends can become SQL.
package struct Statement: Sendable {
    package let sql: StaticString
    package let values: [PostgresValue]

    package init(_ sql: StaticString, _ values: PostgresValue...) {
        self.sql = sql
        self.values = values
    }

    package init(_ sql: StaticString, values: [PostgresValue]) {
        self.sql = sql
        self.values = values
    }
}
