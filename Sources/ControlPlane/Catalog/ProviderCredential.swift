/// What may be known of a provider's secret: whether there is one, and how often it changed.
package struct ProviderCredential: Hashable, Sendable {
    package var isSet: Bool
    /// 0 before the first secret; rises with every change of it, removal included.
    package var revision: Int

    package init(isSet: Bool = false, revision: Int = 0) {
        self.isSet = isSet
        self.revision = revision
    }

    /// The state after `change`.
    package func applying(_ change: SecretChange) -> ProviderCredential {
        switch change {
        case .keep: self
        case .set: ProviderCredential(isSet: true, revision: self.revision + 1)
        case .clear: self.isSet ? ProviderCredential(isSet: false, revision: self.revision + 1) : self
        }
    }
}
