package import Identity
package import Wire

/// Finds out which dialect a body speaks that came without a path or a header to tell it.
package enum ExplainedDialect {
    /// Members that only a Messages request has.
    private static let members = ["system", "stop_sequences", "output_config", "mcp_servers", "context_management"]
    /// Types of content blocks that only Messages has; Chat calls a picture `image_url`.
    private static let blocks: Set<String> = [
        "image", "document", "tool_use", "tool_result", "thinking", "redacted_thinking", "search_result",
    ]

    /// The dialect that a body is written in, as far as it tells.
    ///
    /// A Responses request has `input`; a Messages request is known by its members, tools and blocks. What has nothing
    /// of its own is the same in Messages and Chat, and taken for Chat.
    package static func dialect(of body: JSONValue) -> Dialect {
        if body["input"] != nil { return .openAIResponses }
        if ExplainedDialect.members.contains(where: { body[$0] != nil }) { return .anthropicMessages }
        if body["tools"]?.arrayValue?.contains(where: { $0["input_schema"] != nil }) ?? false {
            return .anthropicMessages
        }
        for message in body["messages"]?.arrayValue ?? [] {
            for block in message["content"]?.arrayValue ?? [] {
                if let type = block["type"]?.stringValue, ExplainedDialect.blocks.contains(type) {
                    return .anthropicMessages
                }
            }
        }
        return .openAIChat
    }
}
