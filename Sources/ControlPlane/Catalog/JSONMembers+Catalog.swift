import Contract
import Identity
import Wire

extension JSONMembers {
    /// A text of 1 to `maximumBytes` bytes of UTF-8 without control characters, or nil when missing.
    ///
    /// PostgreSQL cannot store NUL, and a line end in a name ends up in a log.
    mutating func optionalText(_ name: String, maximumBytes: Int) throws(JSONShapeError) -> String? {
        guard let text = try self.optionalString(name) else { return nil }
        guard (1...maximumBytes).contains(text.utf8.count) else {
            throw self.error(name, "must have 1 to \(maximumBytes) bytes")
        }
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw self.error(name, "must not hold control characters")
        }
        return text
    }

    mutating func text(_ name: String, maximumBytes: Int) throws(JSONShapeError) -> String {
        guard let text = try self.optionalText(name, maximumBytes: maximumBytes) else {
            throw self.error(name, "is missing")
        }
        return text
    }

    /// A point in time as RFC 3339 text, in milliseconds since 1970; nil when missing.
    mutating func optionalTime(_ name: String) throws(JSONShapeError) -> Int? {
        guard let text = try self.optionalString(name) else { return nil }
        guard let time = RFC3339.parse(text) else {
            throw self.error(name, "must be a time such as 2026-01-31T12:00:00Z")
        }
        return time
    }

    /// An object that is part of the resource but has no members in this version.
    mutating func emptyObject(_ name: String) throws(JSONShapeError) {
        try self.optionalObject(name)?.refuseUnknown()
    }

    /// Passes over members that only answers carry, so that an answer may be edited and sent back.
    mutating func ignoreReadOnly(_ names: String...) {
        for name in names { _ = self.optional(name) }
    }

    /// Slugs without twins, sorted; nil when missing.
    mutating func optionalSlugSet(_ name: String, maximumCount: Int) throws(JSONShapeError) -> [Slug]? {
        guard let slugs = try self.optionalSlugs(name) else { return nil }
        guard slugs.count <= maximumCount else { throw self.error(name, "must hold at most \(maximumCount) names") }
        let sorted = slugs.sorted()
        for (first, second) in zip(sorted, sorted.dropFirst()) where first == second {
            throw self.error(name, "names \(first) twice")
        }
        return sorted
    }
}
