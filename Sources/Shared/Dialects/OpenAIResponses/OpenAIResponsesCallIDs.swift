import Wire

/// Gives every call of one answer an id of its own, the provider's where it has one.
struct OpenAIResponsesCallIDs: Sendable {
    private var ids = CallIDs()
    /// The provider's id of the answer: ids made up for different answers should differ.
    var answer: String?

    mutating func next(_ item: JSONValue) -> String {
        let own = item["call_id"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        return self.ids.next(own ?? item["id"]?.stringValue, answer: self.answer)
    }
}
