package import Identity
import Wire

/// What leads from one configuration to another.
package struct ConfigurationDiff: Hashable, Sendable {
    package let providers: KeyChanges<Slug>
    package let models: KeyChanges<ModelKey>
    package let groups: KeyChanges<Slug>
    package let tokens: KeyChanges<TokenID>
    package let attestations: KeyChanges<EvidenceKey>
    /// The same field by field, for people: sorted by kind and key, without secrets.
    ///
    /// Evidence that comes or goes because its endpoint is another now is among them.
    package let changes: [ResourceChange]

    package init(from before: Configuration, to after: Configuration) {
        self.providers = KeyChanges(from: before.providers, to: after.providers)
        self.models = KeyChanges(from: before.models, to: after.models)
        self.groups = KeyChanges(from: before.groups, to: after.groups)
        self.tokens = KeyChanges(from: before.tokens, to: after.tokens)
        self.attestations = KeyChanges(from: before.attestations, to: after.attestations)
        var changes: [ResourceChange?] = []
        for key in self.providers.all {
            let name = ResourceName(.provider, key.text)
            changes.append(
                ResourceChange(name: name, before: before.providers[key]?.json, after: after.providers[key]?.json)
            )
        }
        for key in self.models.all {
            let name = ResourceName(.model, key.description)
            changes.append(ResourceChange(name: name, before: before.models[key]?.json, after: after.models[key]?.json))
        }
        for key in self.groups.all {
            let name = ResourceName(.group, key.text)
            changes.append(ResourceChange(name: name, before: before.groups[key]?.json, after: after.groups[key]?.json))
        }
        for key in self.tokens.all {
            let name = ResourceName(.token, key.text)
            changes.append(ResourceChange(name: name, before: before.tokens[key]?.json, after: after.tokens[key]?.json))
        }
        for key in self.attestations.all {
            changes.append(
                ResourceChange(
                    name: ResourceName(.attestation, key.description),
                    before: before.attestations[key]?.json,
                    after: after.attestations[key]?.json
                )
            )
        }
        let (old, new) = (before.currentEvidence, after.currentEvidence)
        for key in KeyChanges(from: old, to: new).all {
            let name = ResourceName(.evidence, key.description)
            changes.append(ResourceChange(name: name, before: old[key]?.json, after: new[key]?.json))
        }
        self.changes = changes.compactMap { $0 }
    }

    package var isEmpty: Bool {
        self.providers.isEmpty && self.models.isEmpty && self.groups.isEmpty && self.tokens.isEmpty
            && self.attestations.isEmpty
    }
}
