import Wire

/// One output item of a Responses answer: its final form and the events that build it up.
struct ResponsesItem: Sendable {
    /// An event without what its place in the stream adds: sequence number, output index, item id.
    struct Event: Sendable {
        var type: String
        var members: [(String, JSONValue)]
    }

    var id: String
    /// The item as it is announced: nothing in it yet.
    var added: JSONValue
    /// What comes between the announcement and the end.
    var events: [Event]
    /// The item when it is complete.
    var done: JSONValue

    /// A message of one text.
    static func message(id: String, text: String, pieces: [String], complete: Bool) -> ResponsesItem {
        func item(_ content: [JSONValue], _ status: String) -> JSONValue {
            [
                "id": .string(id), "type": "message", "status": .string(status), "role": "assistant",
                "content": .array(content),
            ]
        }
        func part(_ text: String) -> JSONValue {
            ["type": "output_text", "text": .string(text), "annotations": [], "logprobs": []]
        }
        let place: [(String, JSONValue)] = [("content_index", 0)]
        var events = [Event(type: "response.content_part.added", members: place + [("part", part(""))])]
        for piece in pieces {
            events.append(
                Event(
                    type: "response.output_text.delta",
                    members: place + [("delta", .string(piece)), ("logprobs", [])]
                )
            )
        }
        events.append(
            Event(type: "response.output_text.done", members: place + [("text", .string(text)), ("logprobs", [])])
        )
        events.append(Event(type: "response.content_part.done", members: place + [("part", part(text))]))
        return ResponsesItem(
            id: id,
            added: item([], "in_progress"),
            events: events,
            done: item([part(text)], complete ? "completed" : "incomplete")
        )
    }

    /// Reasoning with a summary, an encrypted form, both or neither.
    static func reasoning(id: String, summary: String?, encrypted: String?) -> ResponsesItem {
        func item(_ summary: [JSONValue]) -> JSONValue {
            var members = JSONObject([("id", .string(id)), ("type", "reasoning"), ("summary", .array(summary))])
            if let encrypted { members["encrypted_content"] = .string(encrypted) }
            return .object(members)
        }
        func part(_ text: String) -> JSONValue { ["type": "summary_text", "text": .string(text)] }
        guard let summary else { return ResponsesItem(id: id, added: item([]), events: [], done: item([])) }
        let place: [(String, JSONValue)] = [("summary_index", 0)]
        let name = "response.reasoning_summary"
        var events = [Event(type: "\(name)_part.added", members: place + [("part", part(""))])]
        for piece in Answer.split(summary, into: 2) {
            events.append(Event(type: "\(name)_text.delta", members: place + [("delta", .string(piece))]))
        }
        events.append(Event(type: "\(name)_text.done", members: place + [("text", .string(summary))]))
        events.append(Event(type: "\(name)_part.done", members: place + [("part", part(summary))]))
        return ResponsesItem(id: id, added: item([]), events: events, done: item([part(summary)]))
    }

    /// A call of a function, or of a freeform tool.
    static func call(_ call: ToolCall, suffix: String) -> ResponsesItem {
        let isFunction = call.tool.kind == .function
        let id = (isFunction ? "fc_" : "ctc_") + suffix
        let field = isFunction ? "arguments" : "input"
        func item(_ arguments: String, _ status: String) -> JSONValue {
            var members = JSONObject([
                ("id", .string(id)), ("type", .string(isFunction ? "function_call" : "custom_tool_call")),
                ("call_id", .string("call_\(suffix)")), ("name", .string(call.tool.name)),
                (field, .string(arguments)),
            ])
            if let namespace = call.tool.namespace { members["namespace"] = .string(namespace) }
            members["status"] = .string(status)
            return .object(members)
        }
        let name = isFunction ? "response.function_call_arguments" : "response.custom_tool_call_input"
        var events = Answer.split(call.arguments, into: 3).map { piece in
            Event(type: "\(name).delta", members: [("delta", .string(piece))])
        }
        var ending: [(String, JSONValue)] = [(field, .string(call.arguments))]
        if isFunction { ending.append(("name", .string(call.tool.name))) }
        events.append(Event(type: "\(name).done", members: ending))
        return ResponsesItem(
            id: id,
            added: item("", "in_progress"),
            events: events,
            done: item(call.arguments, "completed")
        )
    }
}
