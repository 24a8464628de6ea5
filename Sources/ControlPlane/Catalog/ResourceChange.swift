package import Wire

/// What happens to one resource, field by field.
package struct ResourceChange: Hashable, Sendable {
    package enum Action: String, Hashable, Sendable, CaseIterable {
        case create
        case update
        case delete
    }

    package let action: Action
    package let name: ResourceName
    package let fields: [FieldChange]

    package init(action: Action, name: ResourceName, fields: [FieldChange]) {
        self.action = action
        self.name = name
        self.fields = fields
    }

    /// Nil when the two forms are equal.
    package init?(name: ResourceName, before: JSONValue?, after: JSONValue?) {
        switch (before, after) {
        case (nil, nil): return nil
        case (nil, _?): self.action = .create
        case (_?, nil): self.action = .delete
        case (let before?, let after?):
            if before == after { return nil }
            self.action = .update
        }
        self.name = name
        self.fields = FieldChange.between(before, after)
    }

    package var json: JSONValue {
        [
            "action": .string(self.action.rawValue), "kind": .string(self.name.kind.rawValue),
            "key": .string(self.name.key), "fields": .array(self.fields.map(\.json)),
        ]
    }
}
