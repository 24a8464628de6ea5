/// One row of a result, its columns by name.
///
/// Every accessor throws `PostgresError.undecodable` for a column that is missing, null (unless `optional…`) or
/// of another form.
package struct Row: Sendable {
    /// The names are shared by all rows of a result.
    private let names: [String]
    private let values: [[UInt8]?]

    init(names: [String], values: [[UInt8]?]) {
        self.names = names
        self.values = values
    }

    package func text(_ column: String) throws(PostgresError) -> String {
        try self.required(column, "text", Row.decodeText)
    }

    package func optionalText(_ column: String) throws(PostgresError) -> String? {
        try self.optional(column, "text", Row.decodeText)
    }

    package func int(_ column: String) throws(PostgresError) -> Int {
        try self.required(column, "a whole number") { Row.decodeText($0).flatMap { Int($0) } }
    }

    package func optionalInt(_ column: String) throws(PostgresError) -> Int? {
        try self.optional(column, "a whole number") { Row.decodeText($0).flatMap { Int($0) } }
    }

    package func double(_ column: String) throws(PostgresError) -> Double {
        try self.required(column, "a number") { Row.decodeText($0).flatMap { Double($0) } }
    }

    package func optionalDouble(_ column: String) throws(PostgresError) -> Double? {
        try self.optional(column, "a number") { Row.decodeText($0).flatMap { Double($0) } }
    }

    package func bool(_ column: String) throws(PostgresError) -> Bool {
        try self.required(column, "a boolean", Row.decodeBool)
    }

    package func optionalBool(_ column: String) throws(PostgresError) -> Bool? {
        try self.optional(column, "a boolean", Row.decodeBool)
    }

    package func bytes(_ column: String) throws(PostgresError) -> [UInt8] {
        try self.required(column, "bytes", Row.decodeBytes)
    }

    package func optionalBytes(_ column: String) throws(PostgresError) -> [UInt8]? {
        try self.optional(column, "bytes", Row.decodeBytes)
    }

    /// A `timestamptz` in milliseconds since 1970.
    package func milliseconds(_ column: String) throws(PostgresError) -> Int64 {
        try self.required(column, "a time") { Row.decodeText($0).flatMap(TimestampText.parse) }
    }

    package func optionalMilliseconds(_ column: String) throws(PostgresError) -> Int64? {
        try self.optional(column, "a time") { Row.decodeText($0).flatMap(TimestampText.parse) }
    }

    /// A `text[]` without nulls.
    package func texts(_ column: String) throws(PostgresError) -> [String] {
        try self.required(column, "an array of text") { Row.decodeText($0).flatMap(ArrayText.parse) }
    }

    private func optional<Value>(
        _ column: String,
        _ expected: String,
        _ decode: ([UInt8]) -> Value?
    ) throws(PostgresError) -> Value? {
        guard let index = self.names.firstIndex(of: column), self.values.indices.contains(index) else {
            throw .undecodable(column: column, expected: "to be in the row")
        }
        guard let bytes = self.values[index] else { return nil }
        guard let value = decode(bytes) else { throw .undecodable(column: column, expected: expected) }
        return value
    }

    private func required<Value>(
        _ column: String,
        _ expected: String,
        _ decode: ([UInt8]) -> Value?
    ) throws(PostgresError) -> Value {
        guard let value = try self.optional(column, expected, decode) else {
            throw .undecodable(column: column, expected: expected)
        }
        return value
    }

    private static func decodeText(_ bytes: [UInt8]) -> String? { String(validating: bytes, as: UTF8.self) }

    private static func decodeBool(_ bytes: [UInt8]) -> Bool? {
        switch bytes {
        case [UInt8(ascii: "t")]: true
        case [UInt8(ascii: "f")]: false
        default: nil
        }
    }

    /// The `hex` output format of bytea: `\x` and two digits a byte.
    private static func decodeBytes(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count.isMultiple(of: 2), bytes.starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "x")]) else {
            return nil
        }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count / 2)
        var index = 2
        while index < bytes.count {
            guard let high = Row.hexValue(bytes[index]), let low = Row.hexValue(bytes[index + 1]) else { return nil }
            decoded.append(high << 4 | low)
            index += 2
        }
        return decoded
    }

    private static func hexValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
