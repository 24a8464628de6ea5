package import Identity
package import Wire

/// The whole truth that a data plane needs to serve, as one value without a secret in it.
package struct SnapshotBody: Hashable, Sendable {
    /// The second field of every caller token of this deployment.
    package var deployment: Slug
    package var providers: [ProviderRecord]
    package var models: [ModelRecord]
    package var groups: [GroupRecord]
    package var tokens: [TokenRecord]

    package init(
        deployment: Slug,
        providers: [ProviderRecord] = [],
        models: [ModelRecord] = [],
        groups: [GroupRecord] = [],
        tokens: [TokenRecord] = []
    ) {
        self.deployment = deployment
        self.providers = providers
        self.models = models
        self.groups = groups
        self.tokens = tokens
    }

    /// The records in the order of their ids, so that equal configurations give equal bytes.
    package func sorted() -> SnapshotBody {
        SnapshotBody(
            deployment: self.deployment,
            providers: self.providers.sorted { $0.id < $1.id },
            models: self.models.sorted { ($0.provider, $0.id) < ($1.provider, $1.id) },
            groups: self.groups.sorted { $0.id < $1.id },
            // The text once per token: it is put together from five fields at each call.
            tokens: self.tokens.map { (text: $0.id.text, record: $0) }.sorted { $0.text < $1.text }.map(\.record)
        )
    }

    package var json: JSONValue {
        [
            "deployment": .string(self.deployment.text),
            "providers": .array(self.providers.map(\.json)),
            "models": .array(self.models.map(\.json)),
            "groups": .array(self.groups.map(\.json)),
            "tokens": .array(self.tokens.map(\.json)),
        ]
    }

    /// Reads a body; members it does not know are ignored, as a newer minor schema may add some.
    package init(_ value: JSONValue) throws(JSONShapeError) {
        var members = try JSONMembers(value)
        self.deployment = try members.slug("deployment")
        self.providers = []
        for (index, value) in try members.array("providers").enumerated() {
            self.providers.append(try ProviderRecord(value, at: "providers[\(index)]"))
        }
        self.models = []
        for (index, value) in try members.array("models").enumerated() {
            self.models.append(try ModelRecord(value, at: "models[\(index)]"))
        }
        self.groups = []
        for (index, value) in try members.array("groups").enumerated() {
            self.groups.append(try GroupRecord(value, at: "groups[\(index)]"))
        }
        let tokens = try members.array("tokens")
        self.tokens = []
        self.tokens.reserveCapacity(tokens.count)
        for (index, value) in tokens.enumerated() {
            self.tokens.append(try TokenRecord(value, at: "tokens[\(index)]"))
        }
    }
}
