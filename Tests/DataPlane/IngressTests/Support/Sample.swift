import Identity

/// What a provider of one dialect answers, small but whole.
struct Sample: Sendable {
    let dialect: Dialect

    init(_ dialect: Dialect) {
        self.dialect = dialect
    }

    /// The path that callers use.
    var path: String {
        switch self.dialect {
        case .openAIChat: "/v1/chat/completions"
        case .openAIResponses: "/v1/responses"
        case .anthropicMessages: "/v1/messages"
        }
    }

    /// A request, with oddities that a rewrite would lose.
    func request(model: String = "main", stream: Bool) -> String {
        let flag = stream ? "\"stream\" : true , " : ""
        return switch self.dialect {
        case .openAIChat:
            "{ \(flag)\"model\":\t\"\(model)\", \"x_unknown\":[1.50,1e3,\"\\u00e9\\/é\"],\"messages\" :[ {\"role\":\"user\",\"content\":\"model\"}]}"
        case .openAIResponses:
            "{\"input\":\"\\\"model\\\": \\\"none\\\"\",\(flag)\"metadata\":{\"model\":\"inner\"},\"model\":\"\(model)\",\"n\":-0.0}"
        case .anthropicMessages:
            "{\"max_tokens\":32,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\n \(flag)\"model\" :\"\(model)\" }\n"
        }
    }

    /// A whole answer with usage 11 in, 7 out.
    var answer: String {
        switch self.dialect {
        case .openAIChat:
            #"{"id":"c1","object":"chat.completion","created":1,"model":"up-1","x":1.0,"choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}"#
        case .openAIResponses:
            #"{"id":"resp_1","object":"response","created_at":1,"model":"up-1","status":"completed","error":null,"output":[{"type":"message","id":"m1","role":"assistant","content":[{"type":"output_text","text":"ok"}]}],"usage":{"input_tokens":11,"output_tokens":7,"total_tokens":18}}"#
        case .anthropicMessages:
            #"{"id":"msg_1","type":"message","role":"assistant","model":"up-1","content":[{"type":"text","text":"ok"}],"stop_reason":"end_turn","usage":{"input_tokens":11,"output_tokens":7}}"#
        }
    }

    /// The events of a stream, each with its blank line; usage as above.
    var events: [String] {
        switch self.dialect {
        case .openAIChat: Sample.chatEvents + [Sample.chatUsage, "data: [DONE]\n\n"]
        case .openAIResponses: Sample.responsesEvents
        case .anthropicMessages: Sample.messagesEvents
        }
    }

    /// How many of the events there are up to the first that has something of the answer.
    private var openingCount: Int { self.dialect == .anthropicMessages ? 3 : 2 }

    /// The events that only announce the answer, and what comes before anything of it.
    var announcement: String { self.events.prefix(self.openingCount - 1).joined() }

    /// The announcement and the first event that has something of the answer.
    var opening: String { self.events.prefix(self.openingCount).joined() }

    /// The events behind the opening.
    var laterEvents: [String] { Array(self.events.dropFirst(self.openingCount)) }

    /// What a caller gets of the events when it did not ask for usage.
    var visibleEvents: [String] {
        self.dialect == .openAIChat ? Sample.chatEvents + ["data: [DONE]\n\n"] : self.events
    }

    private static func chat(_ delta: String, finish: String = "null") -> String {
        #"data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"up-1","choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]}"#
            + "\n\n"
    }

    private static let chatEvents = [
        chat(#"{"role":"assistant","content":""}"#), chat(#"{"content":"Héllo"}"#), ": a comment\n\n",
        chat(#"{"content":" wörld \ud83d\ude00"}"#), chat("{}", finish: #""stop""#),
    ]

    private static let chatUsage =
        #"data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"up-1","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}"#
        + "\n\n"

    private static let responsesEvents = [
        "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"resp_1\",\"created_at\":5,\"model\":\"up-1\",\"status\":\"in_progress\",\"output\":[]}}\n\n",
        "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":1,\"delta\":\"ok\"}\n\n",
        "event: response.novelty\ndata: {\"type\":\"response.novelty\",\"sequence_number\":2}\n\n",
        "event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\":3,\"response\":{\"id\":\"resp_1\",\"status\":\"completed\",\"output\":[],\"usage\":{\"input_tokens\":11,\"output_tokens\":7}}}\n\n",
    ]

    private static let messagesEvents = [
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"role\":\"assistant\",\"content\":[],\"usage\":{\"input_tokens\":11,\"output_tokens\":1}}}\n\n",
        "event: ping\ndata: {\"type\": \"ping\"}\n\n",
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"ok\"}}\n\n",
        "event: novelty\ndata: {\"type\":\"novelty\"}\n\n",
        "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":7}}\n\n",
        "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
    ]
}
