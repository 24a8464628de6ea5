/// Why a request is no prompt: the member, and what is wrong with it.
struct PromptError: Error, Hashable, Sendable {
    /// The member of the request, `messages`; nil for the body itself.
    var field: String?
    var problem: String
}
