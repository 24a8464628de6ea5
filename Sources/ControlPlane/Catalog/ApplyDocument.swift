package import Identity
package import Wire

/// A declarative description of providers, models and groups, as `apply` takes it.
///
/// ```yaml
/// prune: false
/// providers:
///   demo:
///     base_url: http://127.0.0.1:8099
///     dialects: { openai-chat: {} }
///     auth: { scheme: bearer, secret: … }
///     allow_private_network: true
///     models:
///       demo-1:
///         upstream_model: demo-1
///         attestations: [ { dialect: openai-chat, case: image_inline, reason: … } ]
/// groups:
///   default: { targets: [ { id: demo, provider: demo, model: demo-1 } ] }
/// ```
/// Each resource is described whole, as in a PUT. Resources that are not named stay, unless `prune` is set: then
/// those of every section that is present are deleted. Tokens are not part of it, since making one shows a secret.
package struct ApplyDocument: Sendable {
    /// Nil when the section is missing.
    package var providers: [Slug: ProviderInput]?
    /// Nil when no provider section is there.
    package var models: [ModelKey: ModelSpec]?
    package var groups: [Slug: GroupSpec]?
    /// What is vouched for, by model; models that do not say keep what they have.
    package var attestations: [ModelKey: [EvidenceKey: AttestationInput]] = [:]
    package var prune: Bool

    package init(_ value: JSONValue) throws(JSONShapeError) {
        var members = try JSONMembers(value)
        self.prune = try members.optionalBool("prune") ?? false
        if members.optional("tokens") != nil {
            throw members.error("tokens", "are made one by one, since each shows its secret once")
        }
        if var section = try members.optionalObject("providers") {
            var providers: [Slug: ProviderInput] = [:]
            var models: [ModelKey: ModelSpec] = [:]
            for (name, value) in section.all() {
                let provider = try ApplyDocument.slug(name, in: section)
                let path = section.path(of: name)
                guard case .object(var object) = value else {
                    throw section.error(name, "must be an object, not \(value.kind)")
                }
                if let nested = object["models"] {
                    var list = try JSONMembers(nested == .null ? [:] : nested, at: "\(path).models")
                    for (name, value) in list.all() {
                        let key = ModelKey(provider: provider, model: try ApplyDocument.slug(name, in: list))
                        let path = list.path(of: name)
                        models[key] = try self.model(value, key, at: path)
                    }
                    object["models"] = nil
                }
                let input = try ProviderInput(.object(object), at: path)
                try self.checkDialects(of: provider, input.spec, at: path)
                providers[provider] = input
            }
            self.providers = providers
            self.models = models
        }
        if var section = try members.optionalObject("groups") {
            var groups: [Slug: GroupSpec] = [:]
            for (name, value) in section.all() {
                groups[try ApplyDocument.slug(name, in: section)] = try GroupSpec(value, at: section.path(of: name))
            }
            self.groups = groups
        }
        try members.refuseUnknown()
    }

    /// `present` with this document laid over it, secrets aside.
    ///
    /// `credential` tells what is known of the secret of a provider that is new; `actor` is who attests, at `now`.
    package func applied(
        to present: Configuration,
        by actor: String = "",
        at now: Int = 0,
        credential: (Slug) -> ProviderCredential = { _ in ProviderCredential() }
    ) -> Configuration {
        var result = present
        if self.prune, let providers = self.providers {
            result.providers = present.providers.filter { providers[$0.key] != nil }
        }
        for (id, input) in self.providers ?? [:] {
            var spec = input.spec
            spec.credential = (present.providers[id]?.credential ?? credential(id)).applying(input.secret)
            result.providers[id] = spec
        }
        if self.prune, let models = self.models { result.models = present.models.filter { models[$0.key] != nil } }
        result.models.merge(self.models ?? [:]) { $1 }
        if self.prune, let groups = self.groups { result.groups = present.groups.filter { groups[$0.key] != nil } }
        result.groups.merge(self.groups ?? [:]) { $1 }
        for (model, inputs) in self.attestations {
            result.attestations = result.attestations.filter { $0.key.model != model || inputs[$0.key] != nil }
            for (key, input) in inputs { result.attest(key, input, by: actor, at: now) }
        }
        return result
    }

    /// What is to be written over `present`; refuses what a PUT of each resource would refuse.
    package func settled(over present: Configuration) throws(JSONShapeError) -> ApplyDocument {
        var settled = self
        for (id, input) in (self.providers ?? [:]).sorted(by: { $0.key < $1.key }) {
            settled.providers?[id] = try input.settled(over: present.providers[id], at: "providers.\(id)")
        }
        for (key, model) in (self.models ?? [:]).sorted(by: { $0.key < $1.key }) {
            let path = "providers.\(key.provider).models.\(key.model)"
            settled.models?[key] = try model.settled(over: present.models[key], at: path)
        }
        return settled
    }

    /// Refuses attestations for dialects that their provider does not offer.
    private func checkDialects(
        of provider: Slug,
        _ spec: ProviderSpec,
        at path: String
    ) throws(JSONShapeError) {
        for (model, attestations) in self.attestations.sorted(by: { $0.key < $1.key }) where model.provider == provider
        {
            for key in attestations.keys.sorted() where spec.dialects[key.dialect] == nil {
                throw JSONShapeError(
                    field: "\(path).models.\(model.model).attestations",
                    problem: "holds \(key.dialect.rawValue), which is not a dialect of its provider"
                )
            }
        }
    }

    /// Reads a model, and keeps what is attested of it.
    private mutating func model(
        _ value: JSONValue,
        _ key: ModelKey,
        at path: String
    ) throws(JSONShapeError) -> ModelSpec {
        var object = value.objectValue ?? JSONObject()
        guard let attestations = object["attestations"] else { return try ModelSpec(value, at: path) }
        object["attestations"] = JSONValue?.none
        self.attestations[key] = try AttestationInput.list(attestations, of: key, at: "\(path).attestations")
        return try ModelSpec(.object(object), at: path)
    }

    private static func slug(_ name: String, in members: borrowing JSONMembers) throws(JSONShapeError) -> Slug {
        guard let slug = Slug(name) else { throw members.error(name, "must match \(Slug.grammar)") }
        return slug
    }
}
