/// Whom a request is made for, as the caller names that person to a provider that watches for abuse.
package struct EndUser: Hashable, Sendable {
    /// OpenAI's `user` and Messages' `metadata.user_id`.
    package var user: String?
    /// OpenAI's newer name for it.
    package var safetyIdentifier: String?
    /// Whether `user` says more than who it is, so that it goes to nobody as it stands.
    package var isTelling = false

    /// `user` where it may be told as it stands.
    package var untellingUser: String? { self.isTelling ? nil : self.user }

    package init() {}
}
