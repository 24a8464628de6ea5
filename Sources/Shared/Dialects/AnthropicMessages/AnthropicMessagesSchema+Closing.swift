import Wire

extension AnthropicMessagesSchema {
    /// Whether every object of the schema names its members, so that it loses none when it is closed, as Messages
    /// wants it.
    ///
    /// A map, or an object of any form, could only be empty then.
    static func canClose(_ schema: JSONValue) -> Bool {
        guard case .object(let object) = schema else { return true }
        switch object["additionalProperties"] {
        case nil, .null:
            guard object["properties"] != nil || !AnthropicMessagesSchema.isObject(object) else { return false }
        case .bool(false): break
        default: return false
        }
        var canClose = object["patternProperties"] == nil
        for (name, value) in object.members {
            _ = AnthropicMessagesSchema.each(name, value) {
                canClose = canClose && AnthropicMessagesSchema.canClose($0)
                return $0
            }
        }
        return canClose
    }
}
