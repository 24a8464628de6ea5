import Catalog
import Identity
import Storage

/// A change of the configuration in the making, inside its transaction.
struct ConfigurationEdit {
    /// What was stored when the transaction got the lock.
    let stored: StoredConfiguration
    /// What will be stored.
    var configuration: Configuration
    /// Secrets of providers that are new or replaced.
    private(set) var newSecrets: [Slug: Secret] = [:]
    /// Which resource the request is about, so that its problems can be told by field.
    var subject: ResourceName?
    /// The time of the transaction, in milliseconds since 1970.
    let now: Int
    private let presentSecrets: [Slug: Secret]
    private let secretFloors: [Slug: Int]

    init(
        stored: StoredConfiguration,
        deployment: Slug,
        presentSecrets: [Slug: Secret],
        secretFloors: [Slug: Int],
        now: Int
    ) {
        self.stored = stored
        self.configuration = stored.configuration(deployment: deployment)
        self.presentSecrets = presentSecrets
        self.secretFloors = secretFloors
        self.now = now
    }

    /// What is known of the secret of a provider before this change.
    func credential(of provider: Slug) -> ProviderCredential {
        self.stored.providers[provider]?.spec.credential
            ?? ProviderCredential(isSet: false, revision: self.secretFloors[provider] ?? 0)
    }

    /// `change`, or `keep` when it sets what is set already, so that applying a file twice changes nothing.
    func effective(_ change: SecretChange, of provider: Slug) -> SecretChange {
        guard case .set(let new) = change, let present = self.presentSecrets[provider] else { return change }
        let isSame = new.withExposedText { new in present.withExposedText { $0 == new } }
        return isSame ? .keep : change
    }

    mutating func put(_ provider: Slug, _ input: ProviderInput) {
        let change = self.effective(input.secret, of: provider)
        var spec = input.spec
        spec.credential = self.credential(of: provider).applying(change)
        self.configuration.providers[provider] = spec
        self.note(change, of: provider)
    }

    mutating func apply(_ document: ApplyDocument, by actor: String) {
        var document = document
        for (id, input) in document.providers ?? [:] {
            let change = self.effective(input.secret, of: id)
            document.providers?[id]?.secret = change
            self.note(change, of: id)
        }
        self.configuration = document.applied(to: self.configuration, by: actor, at: self.now) {
            self.credential(of: $0)
        }
    }

    private mutating func note(_ change: SecretChange, of provider: Slug) {
        if case .set(let secret) = change { self.newSecrets[provider] = secret }
    }

    /// The secrets that go with the configuration as it will be stored.
    var providerSecrets: [Slug: Secret] {
        var secrets: [Slug: Secret] = [:]
        for (id, spec) in self.configuration.providers where spec.credential.isSet {
            secrets[id] = self.newSecrets[id] ?? self.presentSecrets[id]
        }
        return secrets
    }

    /// The row of a resource after this change.
    func row<Spec: Equatable>(_ before: Stored<Spec>?, _ after: Spec) -> Stored<Spec> {
        if let before, before.spec == after { return before }
        return Stored(
            spec: after,
            revision: (before?.revision ?? 0) + 1,
            createdAt: before?.createdAt ?? Int64(self.now),
            updatedAt: Int64(self.now)
        )
    }
}
