import Wire

/// Bodies of Chat Completions requests, the same in every run.
enum ChatBody {
    /// One short question: close to 200 bytes.
    static func small(model: String, streams: Bool) -> [UInt8] {
        var body = ChatBody.opening(model: model, streams: streams)
        body["messages"] = [
            ["role": "system", "content": "You answer briefly."],
            ["role": "user", "content": "Which port does HTTP use by default?"],
        ]
        body["max_tokens"] = 64
        return JSONWriter.write(.object(body))
    }

    /// A turn of a coding agent: a long system prompt, tools with schemas, and a history of calls and results;
    /// `size` bytes exactly.
    static func agent(model: String, streams: Bool, size: Int = 215_000) -> [UInt8] {
        var words = FillerText(seed: 42)
        var body = ChatBody.opening(model: model, streams: streams)
        var messages: [JSONValue] = [["role": "system", "content": .string(words.text(bytes: 24_000))]]
        for turn in 0..<14 {
            messages.append(["role": "user", "content": .string(words.text(bytes: 400))])
            let arguments = JSONWriter.text(["path": .string("Sources/File\(turn).swift"), "limit": 200])
            let call: JSONValue = [
                "id": .string("call_\(turn)"), "type": "function",
                "function": ["name": "read_file", "arguments": .string(arguments)],
            ]
            messages.append([
                "role": "assistant", "content": .string(words.text(bytes: 300)), "tool_calls": [call],
            ])
            messages.append([
                "role": "tool", "tool_call_id": .string("call_\(turn)"), "content": .string(words.text(bytes: 8_000)),
            ])
        }
        body["tools"] = .array((0..<20).map { ChatBody.tool($0, words: &words) })
        body["messages"] = .array(messages + [["role": "user", "content": ""]])
        let missing = max(0, size - JSONWriter.write(.object(body)).count)
        // Plain letters need no escape, so the size comes out exactly.
        let last: JSONValue = ["role": "user", "content": .string(String(repeating: "x", count: missing))]
        body["messages"] = .array(messages + [last])
        return JSONWriter.write(.object(body))
    }

    /// The model comes first, as SDKs write it.
    private static func opening(model: String, streams: Bool) -> JSONObject {
        var body = JSONObject([("model", .string(model))])
        if streams { body["stream"] = true }
        return body
    }

    private static func tool(_ index: Int, words: inout FillerText) -> JSONValue {
        func property(_ type: String) -> JSONValue {
            ["type": .string(type), "description": .string(words.text(bytes: 120))]
        }
        let parameters: JSONValue = [
            "type": "object", "additionalProperties": false, "required": ["path", "limit"],
            "properties": ["path": property("string"), "limit": property("integer"), "pattern": property("string")],
        ]
        return [
            "type": "function",
            "function": [
                "name": .string("tool_\(index)"), "description": .string(words.text(bytes: 900)),
                "parameters": parameters,
            ],
        ]
    }
}
