/// Something of a caller's request that a target of another dialect cannot be told.
package struct Loss: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case dropped
        /// Sent in a form that means nearly the same.
        case approximated
    }

    /// The member of the caller's request, as a path with array indices left out.
    ///
    /// Such as `seed`, `tools.web_search`, `messages.content.cache_control`: printable ASCII without commas, so that
    /// it fits a header.
    package var field: String
    package var kind: Kind

    package init(_ field: String, _ kind: Kind = .dropped) {
        self.field = field
        self.kind = kind
    }
}
