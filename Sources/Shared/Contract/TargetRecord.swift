package import Identity
package import Wire

/// One provider model inside a group.
package struct TargetRecord: Hashable, Sendable {
    package var id: Slug
    package var provider: Slug
    package var model: Slug
    /// Its share among the targets of the same priority; 0 takes no traffic.
    package var weight: Int
    /// Lower is tried first.
    package var priority: Int
    package var enabled: Bool
    package var tags: [String]

    package static let weightRange = 0...1_000_000
    package static let priorityRange = 0...1000

    package init(
        id: Slug,
        provider: Slug,
        model: Slug,
        weight: Int = 1,
        priority: Int = 0,
        enabled: Bool = true,
        tags: [String] = []
    ) {
        self.id = id
        self.provider = provider
        self.model = model
        self.weight = weight
        self.priority = priority
        self.enabled = enabled
        self.tags = tags
    }

    package var json: JSONValue {
        [
            "id": .string(self.id.text), "provider": .string(self.provider.text), "model": .string(self.model.text),
            "weight": .int(self.weight), "priority": .int(self.priority), "enabled": .bool(self.enabled),
            "tags": .array(self.tags.map { .string($0) }),
        ]
    }

    /// Missing weight, priority, enabled and tags take the defaults of `init`; unknown members are refused.
    package init(_ value: JSONValue, at path: String) throws(JSONShapeError) {
        var members = try JSONMembers(value, at: path)
        self.id = try members.slug("id")
        self.provider = try members.slug("provider")
        self.model = try members.slug("model")
        self.weight = try members.optionalInt("weight", in: TargetRecord.weightRange) ?? 1
        self.priority = try members.optionalInt("priority", in: TargetRecord.priorityRange) ?? 0
        self.enabled = try members.optionalBool("enabled") ?? true
        self.tags = try members.optionalStrings("tags") ?? []
        try members.refuseUnknown()
    }
}
