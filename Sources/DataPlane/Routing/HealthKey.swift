import Contract
package import Identity

/// What health is kept of: one model of a provider, as it is asked in one dialect.
///
/// Targets of several groups that ask the same model share it: what one group learns spares the others. A group that
/// waits less long than the provider is given learns for itself: what is too slow for it may do for the others.
package struct HealthKey: Hashable, Sendable {
    package let provider: Slug
    package let model: Slug
    package let dialect: Dialect
    /// How many milliseconds it is given to the first byte, where a group gives it less than its provider has.
    package let patience: Int?

    package init(provider: Slug, model: Slug, dialect: Dialect, patience: Int? = nil) {
        self.provider = provider
        self.model = model
        self.dialect = dialect
        self.patience = patience
    }

    /// The same without what a group makes of it.
    var shared: HealthKey { HealthKey(provider: self.provider, model: self.model, dialect: self.dialect) }
}

extension Candidate {
    package var healthKey: HealthKey {
        HealthKey(
            provider: self.target.provider.id,
            model: self.target.model.id,
            dialect: self.dialect,
            patience: self.target.patience
        )
    }
}
