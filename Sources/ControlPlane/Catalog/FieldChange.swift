package import Wire

/// One field of a resource before and after a change; values are those that answers show, never secrets.
package struct FieldChange: Hashable, Sendable {
    /// The path from the top of the resource: `timeouts.connect_ms`.
    package let field: String
    /// Nil when the field was not there.
    package let before: JSONValue?
    /// Nil when the field is not there any more.
    package let after: JSONValue?

    package init(field: String, before: JSONValue?, after: JSONValue?) {
        self.field = field
        self.before = before
        self.after = after
    }

    package var json: JSONValue {
        ["field": .string(self.field), "before": self.before ?? .null, "after": self.after ?? .null]
    }

    /// What differs between two objects, member by member through nested objects, in the order of the names.
    ///
    /// Arrays and scalars are compared as wholes.
    package static func between(_ before: JSONValue?, _ after: JSONValue?) -> [FieldChange] {
        var changes: [FieldChange] = []
        FieldChange.collect(before, after, at: "", into: &changes)
        return changes
    }

    private static func collect(
        _ before: JSONValue?,
        _ after: JSONValue?,
        at path: String,
        into changes: inout [FieldChange]
    ) {
        guard before != after else { return }
        let isInner = path.isEmpty || (before?.objectValue != nil && after?.objectValue != nil)
        guard isInner, let names = FieldChange.names(before, after) else {
            changes.append(FieldChange(field: path, before: before, after: after))
            return
        }
        for name in names {
            FieldChange.collect(
                before?[name],
                after?[name],
                at: path.isEmpty ? name : "\(path).\(name)",
                into: &changes
            )
        }
    }

    private static func names(_ before: JSONValue?, _ after: JSONValue?) -> [String]? {
        let names = (before?.objectValue?.memberNames ?? []) + (after?.objectValue?.memberNames ?? [])
        return names.isEmpty ? nil : Set(names).sorted()
    }
}
