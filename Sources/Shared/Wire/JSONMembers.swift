/// Takes the members of a JSON object one by one, each as the type that is needed, and remembers which were
/// taken, so that unknown ones can be refused at the end.
package struct JSONMembers {
    private let object: JSONObject
    private let path: String
    /// Which members were asked for, by their place: a bit each, and a set where there are more than 64.
    private var taken: UInt64 = 0
    private var takenBeyond: Set<Int> = []

    /// `path` names the object itself in errors, empty at the top.
    package init(_ value: JSONValue, at path: String = "") throws(JSONShapeError) {
        guard case .object(let object) = value else {
            throw JSONShapeError(field: path, problem: "must be an object, not \(value.kind)")
        }
        self.object = object.read
        self.path = path
    }

    /// The path of a member of this object.
    package func path(of name: String) -> String { self.path.isEmpty ? name : "\(self.path).\(name)" }

    /// The member, or nil when it is missing or null.
    package mutating func optional(_ name: String) -> JSONValue? {
        guard let index = self.object.index(of: name) else { return nil }
        if index < 64 { self.taken |= 1 << UInt64(index) } else { self.takenBeyond.insert(index) }
        let value = self.object.value(at: index)
        if case .null = value { return nil }
        return value
    }

    /// Whether the member is present, even as null.
    package func has(_ name: String) -> Bool { self.object[name] != nil }

    package mutating func required(_ name: String) throws(JSONShapeError) -> JSONValue {
        guard let value = self.optional(name) else { throw self.error(name, "is missing") }
        return value
    }

    package mutating func string(_ name: String) throws(JSONShapeError) -> String {
        try self.convert(name, self.required(name), "a string", \.stringValue)
    }

    package mutating func optionalString(_ name: String) throws(JSONShapeError) -> String? {
        guard let value = self.optional(name) else { return nil }
        return try self.convert(name, value, "a string", \.stringValue)
    }

    package mutating func int(_ name: String) throws(JSONShapeError) -> Int {
        try self.convert(name, self.required(name), "a whole number", \.intValue)
    }

    package mutating func optionalInt(_ name: String) throws(JSONShapeError) -> Int? {
        guard let value = self.optional(name) else { return nil }
        return try self.convert(name, value, "a whole number", \.intValue)
    }

    /// A whole number within `range`, or nil when missing.
    package mutating func optionalInt(_ name: String, in range: ClosedRange<Int>) throws(JSONShapeError) -> Int? {
        guard let value = try self.optionalInt(name) else { return nil }
        guard range.contains(value) else {
            throw self.error(name, "must be between \(range.lowerBound) and \(range.upperBound)")
        }
        return value
    }

    package mutating func bool(_ name: String) throws(JSONShapeError) -> Bool {
        try self.convert(name, self.required(name), "true or false", \.boolValue)
    }

    package mutating func optionalBool(_ name: String) throws(JSONShapeError) -> Bool? {
        guard let value = self.optional(name) else { return nil }
        return try self.convert(name, value, "true or false", \.boolValue)
    }

    package mutating func array(_ name: String) throws(JSONShapeError) -> [JSONValue] {
        try self.convert(name, self.required(name), "an array", \.arrayValue)
    }

    package mutating func optionalArray(_ name: String) throws(JSONShapeError) -> [JSONValue]? {
        guard let value = self.optional(name) else { return nil }
        return try self.convert(name, value, "an array", \.arrayValue)
    }

    /// An array of strings, or nil when missing.
    package mutating func optionalStrings(_ name: String) throws(JSONShapeError) -> [String]? {
        guard let elements = try self.optionalArray(name) else { return nil }
        var strings: [String] = []
        for (index, element) in elements.enumerated() {
            guard let text = element.stringValue else {
                throw JSONShapeError(field: "\(self.path(of: name))[\(index)]", problem: "must be a string")
            }
            strings.append(text)
        }
        return strings
    }

    /// The members of a nested object, or nil when missing.
    package mutating func optionalObject(_ name: String) throws(JSONShapeError) -> JSONMembers? {
        guard let value = self.optional(name) else { return nil }
        return try JSONMembers(value, at: self.path(of: name))
    }

    package mutating func object(_ name: String) throws(JSONShapeError) -> JSONMembers {
        try JSONMembers(self.required(name), at: self.path(of: name))
    }

    /// All members, names with values, marked as taken: for maps whose names are data.
    package mutating func all() -> [JSONObject.Member] {
        self.taken = .max
        if self.object.count > 64 { self.takenBeyond.formUnion(64..<self.object.count) }
        return self.object.members
    }

    /// Refuses the first member that was never asked for.
    package func refuseUnknown() throws(JSONShapeError) {
        for (index, name) in self.object.memberNames.enumerated() {
            let isTaken = index < 64 ? self.taken >> UInt64(index) & 1 == 1 : self.takenBeyond.contains(index)
            guard isTaken else { throw self.error(name, "is not a known field") }
        }
    }

    package func error(_ name: String, _ problem: String) -> JSONShapeError {
        JSONShapeError(field: self.path(of: name), problem: problem)
    }

    private func convert<Value>(
        _ name: String,
        _ value: JSONValue,
        _ expected: String,
        _ conversion: (JSONValue) -> Value?
    ) throws(JSONShapeError) -> Value {
        guard let converted = conversion(value) else {
            throw self.error(name, "must be \(expected), not \(value.kind)")
        }
        return converted
    }
}
