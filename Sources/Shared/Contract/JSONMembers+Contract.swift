package import Identity
package import Wire

extension JSONMembers {
    /// A 32-byte digest as 64 hexadecimal digits.
    package mutating func digest(_ name: String) throws(JSONShapeError) -> Digest {
        guard let digest = Digest(hex: try self.string(name)) else {
            throw self.error(name, "must be 64 hexadecimal digits")
        }
        return digest
    }

    /// A slug.
    package mutating func slug(_ name: String) throws(JSONShapeError) -> Slug {
        guard let slug = Slug(try self.string(name)) else { throw self.error(name, "must match \(Slug.grammar)") }
        return slug
    }

    /// An array of slugs, or nil when missing.
    package mutating func optionalSlugs(_ name: String) throws(JSONShapeError) -> [Slug]? {
        guard let texts = try self.optionalStrings(name) else { return nil }
        var slugs: [Slug] = []
        slugs.reserveCapacity(texts.count)
        for (index, text) in texts.enumerated() {
            guard let slug = Slug(text) else {
                throw JSONShapeError(field: "\(self.path(of: name))[\(index)]", problem: "must match \(Slug.grammar)")
            }
            slugs.append(slug)
        }
        return slugs
    }

    /// A value of an enumeration by its raw text.
    package mutating func choice<Value: RawRepresentable & CaseIterable>(
        _ name: String,
        _ type: Value.Type
    ) throws(JSONShapeError) -> Value where Value.RawValue == String {
        guard let value = Value(rawValue: try self.string(name)) else {
            throw self.error(name, "must be one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return value
    }

    /// A value of an enumeration by its raw text, or nil when missing.
    package mutating func optionalChoice<Value: RawRepresentable & CaseIterable>(
        _ name: String,
        _ type: Value.Type
    ) throws(JSONShapeError) -> Value? where Value.RawValue == String {
        guard self.optional(name) != nil else { return nil }
        return try self.choice(name, type)
    }

    /// Base64 as bytes, of exactly `count` bytes where one is given.
    package mutating func base64(_ name: String, count: Int? = nil) throws(JSONShapeError) -> [UInt8] {
        guard let bytes = Base64.decode(try self.string(name)) else { throw self.error(name, "must be base64") }
        if let count, bytes.count != count { throw self.error(name, "must be \(count) bytes in base64") }
        return bytes
    }
}
