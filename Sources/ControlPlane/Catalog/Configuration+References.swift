import Contract
import Identity

extension Configuration {
    /// What names the resource, sorted; it cannot be deleted while anything does.
    ///
    /// Revoked tokens name nothing.
    package func references(to name: ResourceName) -> [ResourceName] {
        var references: Set<ResourceName> = []
        switch name.kind {
        case .provider:
            for key in self.models.keys where key.provider.text == name.key {
                references.insert(ResourceName(.model, key.description))
            }
            for (id, group) in self.groups where group.targets.contains(where: { $0.provider.text == name.key }) {
                references.insert(ResourceName(.group, id.text))
            }
        case .model:
            guard let key = ModelKey(name.key) else { break }
            for (id, group) in self.groups
            where group.targets.contains(where: { $0.provider == key.provider && $0.model == key.model }) {
                references.insert(ResourceName(.group, id.text))
            }
        case .group:
            for (id, token) in self.tokens
            where token.state == .active && token.allow.contains(where: { $0.text == name.key }) {
                references.insert(ResourceName(.token, id.text))
            }
        case .token, .admin, .attestation, .evidence: break
        }
        return references.sorted()
    }
}
