package import Identity
package import Wire

/// Where parts of a conversation stand in the caller's own body, for refusals that name the member to mend.
///
/// The model in the middle keeps no places: they are looked up only when something is refused.
package struct RequestPaths: Hashable, Sendable {
    private let dialect: Dialect
    private let body: JSONValue

    package init(_ dialect: Dialect, body: JSONValue) {
        self.dialect = dialect
        self.body = body
    }

    /// The member that holds the conversation.
    package var conversation: String { CallerFields.conversation(of: self.dialect) }

    /// The user's last message; the conversation when there is none.
    package var lastUserMessage: String {
        let elements = self.body[self.conversation]?.arrayValue ?? []
        return elements.lastIndex { $0["role"] == "user" }.map { "\(self.conversation)[\($0)]" } ?? self.conversation
    }

    /// The member that says which call the first result for this id answers; the conversation's when none does.
    package func resultID(_ id: String) -> String {
        let elements = self.body[self.conversation]?.arrayValue ?? []
        for (index, element) in elements.enumerated() {
            let path = "\(self.conversation)[\(index)]"
            switch self.dialect {
            case .openAIChat:
                if element["tool_call_id"]?.stringValue == id { return "\(path).tool_call_id" }
            case .openAIResponses:
                guard element["type"]?.stringValue?.hasSuffix("_output") == true else { continue }
                if element["call_id"]?.stringValue == id { return "\(path).call_id" }
            case .anthropicMessages:
                for (inner, block) in (element["content"]?.arrayValue ?? []).enumerated()
                where block["tool_use_id"]?.stringValue == id {
                    return "\(path).content[\(inner)].tool_use_id"
                }
            }
        }
        return self.conversation
    }
}
