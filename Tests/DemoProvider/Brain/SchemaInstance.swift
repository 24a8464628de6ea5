import Wire

/// Makes a small value that fits a JSON Schema: required members only, the first of each choice.
///
/// Knows the keywords that callers of language models use; everything else counts as no constraint.
struct SchemaInstance {
    private let root: JSONValue
    /// How many values may still be made: a schema that refers to itself twice would double them at every level.
    private var budget = 4096
    /// References may be circular and schemas hostile; past this depth everything becomes null.
    private static let maximumDepth = 24

    static func make(for schema: JSONValue) -> JSONValue {
        var instance = SchemaInstance(root: schema)
        return instance.value(for: schema, name: "value", depth: 0)
    }

    private init(root: JSONValue) {
        self.root = root
    }

    private mutating func value(for schema: JSONValue, name: String, depth: Int) -> JSONValue {
        guard depth < SchemaInstance.maximumDepth, self.budget > 0, case .object(let members) = schema else {
            return .null
        }
        self.budget -= 1
        if let constant = members["const"] { return constant }
        if let choices = members["enum"]?.arrayValue, let first = choices.first { return first }
        if let reference = members["$ref"]?.stringValue, let target = self.resolve(reference) {
            return self.value(for: target, name: name, depth: depth + 1)
        }
        for keyword in ["anyOf", "oneOf", "allOf"] {
            if let options = members[keyword]?.arrayValue, let option = SchemaInstance.choice(of: options, depth: depth)
            {
                return self.value(for: option, name: name, depth: depth + 1)
            }
        }
        switch SchemaInstance.type(of: members) {
        case "object": return self.object(for: members, depth: depth)
        case "array": return self.array(for: members, name: name, depth: depth)
        case "integer": return .int(members["minimum"]?.intValue ?? 1)
        case "number": return members["minimum"] ?? .int(1)
        case "boolean": return true
        case "null": return .null
        default: return .string(SchemaInstance.text(for: members, name: name))
        }
    }

    private mutating func object(for members: JSONObject, depth: Int) -> JSONValue {
        let properties = members["properties"]?.objectValue ?? JSONObject()
        var result = JSONObject()
        for required in members["required"]?.arrayValue ?? [] {
            guard let name = required.stringValue else { continue }
            result[name] = self.value(for: properties[name] ?? .object(JSONObject()), name: name, depth: depth + 1)
        }
        return .object(result)
    }

    private mutating func array(for members: JSONObject, name: String, depth: Int) -> JSONValue {
        // Nested arrays would multiply.
        let count = min(members["minItems"]?.intValue ?? 0, depth < 4 ? 16 : 1)
        guard count > 0 else { return [] }
        let element = self.value(for: members["items"] ?? .object(JSONObject()), name: name, depth: depth + 1)
        return .array(Array(repeating: element, count: count))
    }

    /// The first option, or further down the first that does not lead back up.
    private static func choice(of options: [JSONValue], depth: Int) -> JSONValue? {
        depth < 4 ? options.first : options.first { $0["$ref"] == nil } ?? options.first
    }

    private static func type(of members: JSONObject) -> String {
        switch members["type"] {
        case .string(let type): type.string
        case .array(let types): types.compactMap(\.stringValue).first { $0 != "null" } ?? "null"
        default: members["properties"] != nil ? "object" : members["items"] != nil ? "array" : "string"
        }
    }

    private static func text(for members: JSONObject, name: String) -> String {
        let text =
            switch members["format"]?.stringValue {
            case "date-time": "2026-01-01T00:00:00Z"
            case "date": "2026-01-01"
            case "time": "00:00:00Z"
            case "email": "demo@example.com"
            case "uri": "https://example.com/"
            case "uuid": "00000000-0000-4000-8000-000000000000"
            default: "demo \(name)"
            }
        let minimum = min(max(members["minLength"]?.intValue ?? 0, 0), 4096)
        let padded = text + String(repeating: "x", count: max(0, minimum - text.count))
        guard let maximum = members["maxLength"]?.intValue, maximum >= 0 else { return padded }
        return String(padded.prefix(maximum))
    }

    /// `#` and `#/$defs/Name`, within this schema only.
    private func resolve(_ reference: String) -> JSONValue? {
        guard reference.hasPrefix("#") else { return nil }
        var value = self.root
        for step in reference.dropFirst().split(separator: "/") {
            guard let next = value[String(step)] else { return nil }
            value = next
        }
        return value
    }
}
