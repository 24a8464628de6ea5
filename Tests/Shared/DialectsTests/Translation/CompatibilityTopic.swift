import Identity

/// Fields of one dialect that belong together in a table.
struct CompatibilityTopic: Sendable {
    let title: String
    let fields: [CompatibilityField]

    init(_ title: String, _ fields: [CompatibilityField]) {
        self.title = title
        self.fields = fields
    }

    static func topics(of caller: Dialect) -> [CompatibilityTopic] {
        switch caller {
        case .openAIChat: CompatibilityTopic.chat
        case .openAIResponses: CompatibilityTopic.responses
        case .anthropicMessages: CompatibilityTopic.messages
        }
    }
}
