/// Why a request cannot be served in another dialect, or is none of its own: always the caller's to mend.
package struct TranslationRefusal: Error, Hashable, Sendable {
    package enum Code: String, Hashable, Sendable {
        /// A member has a wrong type or value.
        case invalidRequest = "invalid-request"
        /// A member that no target of the other dialect can be told.
        case unsupportedParameter = "unsupported-parameter"
    }

    /// The member as a path with indices: `messages[3].content[0].type`.
    package var field: String
    package var code: Code
    /// A sentence that says what is wrong with the field; ours, without the caller's content.
    package var message: String

    package init(_ field: String, _ message: String, code: Code = .invalidRequest) {
        self.field = field
        self.code = code
        self.message = message
    }
}
