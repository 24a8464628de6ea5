/// One JSON value (RFC 8259) as it was written: members keep their order, numbers their text.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(JSONText)
    case array([JSONValue])
    case object(JSONObject)

    package static func string(_ text: String) -> JSONValue { .string(JSONText(text)) }

    package static func int(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }

    /// What kind of value it is, for error messages.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    package var stringValue: String? {
        if case .string(let text) = self { text.string } else { nil }
    }

    /// The text of a string, not read as long as nobody needs its characters.
    package var textValue: JSONText? {
        if case .string(let text) = self { text } else { nil }
    }

    package var intValue: Int? {
        if case .number(let number) = self { number.int } else { nil }
    }

    package var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    package var arrayValue: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    package var objectValue: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }

    /// The member `name` of an object; nil for a missing member and for a value that is no object.
    package subscript(name: String) -> JSONValue? { self.objectValue?[name] }

    /// The same value, sharing nothing with the bytes that it was read from: for what outlives them.
    package var detached: JSONValue {
        switch self {
        case .null, .bool, .number: self
        case .string(let text): .string(text.detached)
        case .array(let elements): .array(elements.map { $0.detached })
        case .object(let object): .object(object.detached)
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .string(JSONText(value)) }
    package init(integerLiteral value: Int) { self = .int(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(JSONObject(elements)) }
    package init(nilLiteral: ()) { self = .null }
}
