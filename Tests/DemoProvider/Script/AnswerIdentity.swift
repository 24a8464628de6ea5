/// What makes one answer unlike another with the same content.
struct AnswerIdentity: Hashable, Sendable {
    /// Unique within a run of the provider; every id of the answer ends with it.
    var suffix: String
    /// Seconds since 1970.
    var created: Int
}
