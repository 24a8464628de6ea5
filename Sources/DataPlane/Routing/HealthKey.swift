import Contract
package import Identity

/// What health is kept of: one model of a provider, as it is asked in one dialect.
///
/// Targets of several groups that ask the same model share it: what one group learns spares the others.
package struct HealthKey: Hashable, Sendable {
    package let provider: Slug
    package let model: Slug
    package let dialect: Dialect

    package init(provider: Slug, model: Slug, dialect: Dialect) {
        self.provider = provider
        self.model = model
        self.dialect = dialect
    }
}

extension Candidate {
    package var healthKey: HealthKey {
        HealthKey(provider: self.target.provider.id, model: self.target.model.id, dialect: self.dialect)
    }
}
