import Wire

extension AnthropicMessagesSchema {
    /// The schema of a tool's arguments as Messages takes it, and whether something of it was loosened; nil for one
    /// that describes no object.
    ///
    /// The top must be an object and may not choose between forms: their members are joined, and only what all of
    /// them require stays required.
    static func arguments(_ schema: JSONValue?) -> (schema: JSONValue, isLoosened: Bool)? {
        guard let schema, schema != .null else { return (["type": "object", "properties": [:]], false) }
        guard case .object(var object) = schema else { return nil }
        switch object["type"] {
        case nil, .null, "object": break
        case .array(let types) where types.contains("object"): break
        default: return nil
        }
        var isLoosened = false
        for keyword in ["allOf", "anyOf", "oneOf"] {
            guard let forms = object[keyword]?.arrayValue else { continue }
            object[keyword] = nil
            AnthropicMessagesSchema.join(forms, requiringAll: keyword == "allOf", into: &object)
            isLoosened = true
        }
        if object["properties"] == nil { object["properties"] = [:] }
        if object["type"] != nil {
            object["type"] = "object"
            return (.object(object), isLoosened)
        }
        let members = object.members.map { ($0.name, $0.value) }
        return (.object(JSONObject([("type", "object")] + members)), isLoosened)
    }

    private static func join(_ forms: [JSONValue], requiringAll: Bool, into object: inout JSONObject) {
        var properties = object["properties"]?.objectValue ?? JSONObject()
        var shared: Set<String>?
        for form in forms {
            for (name, value) in form["properties"]?.objectValue?.members ?? [] where properties[name] == nil {
                properties[name] = value
            }
            let names = Set((form["required"]?.arrayValue ?? []).compactMap { $0.stringValue })
            shared = requiringAll ? (shared ?? []).union(names) : (shared?.intersection(names) ?? names)
        }
        object["properties"] = .object(properties)
        // A closed form would shut out the members of the others.
        object["additionalProperties"] = nil
        let own = (object["required"]?.arrayValue ?? []).compactMap { $0.stringValue }
        let added = (shared ?? []).subtracting(own).sorted()
        if !added.isEmpty { object["required"] = .array((own + added).map { .string($0) }) }
    }
}
