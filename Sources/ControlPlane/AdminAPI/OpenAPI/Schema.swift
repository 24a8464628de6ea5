import Wire

/// JSON Schema (draft 2020-12) as OpenAPI 3.1 uses it, made of small pieces.
enum Schema {
    static func object(_ properties: [(String, JSONValue)], required: [String] = [], _ description: String? = nil)
        -> JSONValue
    {
        var object = JSONObject([("type", "object")])
        object["description"] = description.map { .string($0) }
        object["properties"] = .object(JSONObject(properties))
        if !required.isEmpty { object["required"] = .array(required.map { .string($0) }) }
        object["additionalProperties"] = false
        return .object(object)
    }

    static func map(of value: JSONValue, _ description: String? = nil) -> JSONValue {
        var object = JSONObject([("type", "object"), ("additionalProperties", value)])
        object["description"] = description.map { .string($0) }
        return .object(object)
    }

    static func array(of items: JSONValue, _ description: String? = nil) -> JSONValue {
        var object = JSONObject([("type", "array"), ("items", items)])
        object["description"] = description.map { .string($0) }
        return .object(object)
    }

    static func text(_ description: String? = nil, maximum: Int? = nil, pattern: String? = nil) -> JSONValue {
        var object = JSONObject([("type", "string")])
        object["description"] = description.map { .string($0) }
        object["maxLength"] = maximum.map { .int($0) }
        object["pattern"] = pattern.map { .string($0) }
        return .object(object)
    }

    static func integer(_ range: ClosedRange<Int>? = nil, _ description: String? = nil) -> JSONValue {
        var object = JSONObject([("type", "integer")])
        object["description"] = description.map { .string($0) }
        object["minimum"] = range.map { .int($0.lowerBound) }
        object["maximum"] = range.map { .int($0.upperBound) }
        return .object(object)
    }

    static func boolean(_ description: String? = nil) -> JSONValue {
        var object = JSONObject([("type", "boolean")])
        object["description"] = description.map { .string($0) }
        return .object(object)
    }

    static func choice(_ values: [String], _ description: String? = nil) -> JSONValue {
        var object = JSONObject([("type", "string"), ("enum", .array(values.map { .string($0) }))])
        object["description"] = description.map { .string($0) }
        return .object(object)
    }

    static func time(_ description: String? = nil) -> JSONValue {
        var object = JSONObject([("type", "string"), ("format", "date-time")])
        object["description"] = description.map { .string($0) }
        return .object(object)
    }

    static func orNull(_ schema: JSONValue) -> JSONValue {
        var object = schema.objectValue ?? JSONObject()
        guard let type = object["type"] else { return ["anyOf": [schema, ["type": "null"]]] }
        object["type"] = [type, "null"]
        return .object(object)
    }

    static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

    /// A page of a list.
    static func page(of name: String) -> JSONValue {
        Schema.object(
            [
                ("data", Schema.array(of: Schema.reference(name))),
                ("next_cursor", Schema.orNull(Schema.text("where the list goes on"))),
            ],
            required: ["data", "next_cursor"]
        )
    }

    static let anything: JSONValue = [:]
    static let empty = Schema.object([], "no members in this version")
    static let slug = Schema.text(pattern: "^[a-z0-9][a-z0-9-]{0,62}$")
}
