import Wire

/// JSON schemas as Messages takes them, and as every provider can enforce them.
enum AnthropicMessagesSchema {
    /// Keywords of which every provider's strict mode knows what they ask for.
    private static let strictKeywords: Set<String> = [
        "type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "$defs", "$ref",
        "title", "description",
    ]
    /// Keywords that hold one schema, a list of schemas, or schemas by name.
    private static let nested: Set<String> = ["items"]
    private static let lists: Set<String> = ["anyOf", "allOf", "oneOf"]
    private static let named: Set<String> = ["properties", "$defs", "definitions"]
    /// Keywords that Messages enforces; what others ask for stays as words.
    private static let bindingKeywords: Set<String> = [
        "type", "properties", "required", "items", "enum", "const", "anyOf", "oneOf", "allOf", "$defs", "definitions",
        "$ref", "title", "description",
    ]
    private static let bindingFormats: Set<String> = [
        "date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid",
    ]

    /// A copy that Messages can hold an answer or a call to: every object is closed, what it cannot enforce has
    /// become words in the description.
    static func binding(_ schema: JSONValue) -> JSONValue {
        guard case .object(let object) = schema else { return schema }
        var result = JSONObject()
        var notes: [String] = []
        for (name, value) in object.members {
            if AnthropicMessagesSchema.isBinding(name, value) {
                // The API knows only the looser of the two.
                let key = name == "oneOf" && object["anyOf"] == nil ? "anyOf" : name
                result[key] = AnthropicMessagesSchema.each(name, value) { AnthropicMessagesSchema.binding($0) }
            } else if !name.hasPrefix("$"), name != "additionalProperties" {
                notes.append("\(name): \(JSONWriter.text(value))")
            }
        }
        if AnthropicMessagesSchema.isObject(object) { result["additionalProperties"] = false }
        if !notes.isEmpty {
            let texts = [object["description"]?.stringValue].compactMap { $0 } + ["(\(notes.joined(separator: ", ")))"]
            result["description"] = .string(texts.joined(separator: " "))
        }
        return .object(result)
    }

    private static func isBinding(_ name: String, _ value: JSONValue) -> Bool {
        switch name {
        case "minItems": value == 0 || value == 1
        case "format": AnthropicMessagesSchema.bindingFormats.contains(value.stringValue ?? "")
        default: AnthropicMessagesSchema.bindingKeywords.contains(name)
        }
    }

    /// Whether providers other than Anthropic can hold an answer to the schema as well: objects are closed, all of
    /// their members are required, and only the common keywords occur.
    static func isStrictEverywhere(_ schema: JSONValue) -> Bool {
        guard case .object(let object) = schema else { return false }
        guard object.memberNames.allSatisfy({ AnthropicMessagesSchema.strictKeywords.contains($0) }) else {
            return false
        }
        if AnthropicMessagesSchema.isObject(object) {
            let names = Set(object["properties"]?.objectValue?.memberNames ?? [])
            let required = Set((object["required"]?.arrayValue ?? []).compactMap { $0.stringValue })
            guard object["additionalProperties"] == false, names == required else { return false }
        }
        var isStrict = true
        for (name, value) in object.members {
            _ = AnthropicMessagesSchema.each(name, value) {
                isStrict = isStrict && AnthropicMessagesSchema.isStrictEverywhere($0)
                return $0
            }
        }
        return isStrict
    }

    /// The value of a keyword with each schema in it changed; other values are kept.
    static func each(_ name: String, _ value: JSONValue, _ change: (JSONValue) -> JSONValue) -> JSONValue {
        if AnthropicMessagesSchema.nested.contains(name) {
            if case .array(let elements) = value { return .array(elements.map(change)) }
            return change(value)
        }
        if AnthropicMessagesSchema.lists.contains(name), case .array(let elements) = value {
            return .array(elements.map(change))
        }
        if AnthropicMessagesSchema.named.contains(name), case .object(let object) = value {
            return .object(JSONObject(object.members.map { ($0.name, change($0.value)) }))
        }
        return value
    }

    static func isObject(_ schema: JSONObject) -> Bool {
        switch schema["type"] {
        case .string(let type): type == "object"
        case .array(let types): types.contains("object")
        default: schema["properties"] != nil
        }
    }
}
