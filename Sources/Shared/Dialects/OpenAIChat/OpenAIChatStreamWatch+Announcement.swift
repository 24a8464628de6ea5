import Wire

/// Which chunks only say that an answer is to come.
extension OpenAIChatStreamWatch {
    /// No choice that says nothing yet is longer.
    private static let maximumEmptyChoices = 4096

    /// Whether a chunk has nothing of an answer: no choice, or only such as tell their role.
    ///
    /// What is not known to say nothing counts as an answer.
    static func announces(_ event: Span<UInt8>, _ outline: EventOutline) -> Bool {
        guard let object = outline.object(in: event),
            let range = JSONMemberWalk.value(of: "choices", in: event, from: object),
            range.count <= OpenAIChatStreamWatch.maximumEmptyChoices,
            let choices = JSONMemberWalk.read(event, range)?.arrayValue
        else { return false }
        return choices.allSatisfy { OpenAIChatStreamWatch.saysNothing($0) }
    }

    private static func saysNothing(_ choice: JSONValue) -> Bool {
        guard let members = choice.objectValue?.members else { return false }
        return members.allSatisfy { name, value in
            switch name {
            // Azure tells of the prompt's filters before the answer, and of the answer's own with its text.
            case "index", "content_filter_results", "content_filter_offsets": true
            case "delta":
                value.objectValue?.members.allSatisfy { $0 == "role" || OpenAIChatStreamWatch.isEmpty($1) }
                    ?? OpenAIChatStreamWatch.isEmpty(value)
            default: OpenAIChatStreamWatch.isEmpty(value)
            }
        }
    }

    private static func isEmpty(_ value: JSONValue) -> Bool {
        switch value {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let object): object.isEmpty
        default: false
        }
    }
}
