/// One parameter of a statement.
///
/// The server infers the type of everything but bytes, so that a text may be bound where a `jsonb` or a `uuid`
/// is expected.
package enum PostgresValue: Hashable, Sendable {
    case null
    case text(String)
    case int(Int)
    case bool(Bool)
    case bytes([UInt8])
    /// A `timestamptz`, in milliseconds since 1970.
    case time(milliseconds: Int64)
    /// A `text[]`.
    case texts([String])

    package static func optional(_ text: String?) -> PostgresValue { text.map { .text($0) } ?? .null }
    package static func optional(_ number: Int?) -> PostgresValue { number.map { .int($0) } ?? .null }
    package static func optional(_ bytes: [UInt8]?) -> PostgresValue { bytes.map { .bytes($0) } ?? .null }
    package static func optional(milliseconds: Int64?) -> PostgresValue {
        milliseconds.map { .time(milliseconds: $0) } ?? .null
    }

    /// What is sent, as text except for bytes; nil for null.
    var encoded: [UInt8]? {
        switch self {
        case .null: nil
        case .text(let text): Array(text.utf8)
        case .int(let number): Array(String(number).utf8)
        case .bool(let value): [value ? UInt8(ascii: "t") : UInt8(ascii: "f")]
        case .bytes(let bytes): bytes
        case .time(let milliseconds): Array(TimestampText.format(milliseconds: milliseconds).utf8)
        case .texts(let texts): Array(ArrayText.format(texts).utf8)
        }
    }

    var isBinary: Bool {
        if case .bytes = self { true } else { false }
    }
}
