import Canonical
import Wire

/// The members of one object of a caller's request, read by name, with errors that say where they stand.
///
/// A member that is null counts as missing. What nobody asked for is left over in `unread`.
struct RequestFields {
    let object: JSONObject
    /// Where the object stands: empty for the body, else such as `messages[3]`.
    let path: String
    private var read: Set<String> = []

    init(_ value: JSONValue, at path: String) throws(TranslationRefusal) {
        guard case .object(let object) = value else {
            throw TranslationRefusal(path.isEmpty ? "body" : path, "must be an object, not \(value.kind)")
        }
        self.object = object
        self.path = path
    }

    /// The path of a member.
    func path(of name: String) -> String { self.path.isEmpty ? name : "\(self.path).\(name)" }

    /// Names of members that were not asked for, null ones left out, in order.
    var unread: [String] {
        self.object.members.filter { !self.read.contains($0.name) && $0.value != .null }.map(\.name)
    }

    mutating func value(_ name: String) -> JSONValue? {
        self.read.insert(name)
        guard let value = self.object[name], value != .null else { return nil }
        return value
    }

    mutating func string(_ name: String) throws(TranslationRefusal) -> String? {
        guard let value = self.value(name) else { return nil }
        guard case .string(let text) = value else { throw self.wrong(name, "a string", value) }
        return text
    }

    mutating func requiredString(_ name: String) throws(TranslationRefusal) -> String {
        guard let text = try self.string(name) else { throw self.missing(name) }
        return text
    }

    mutating func bool(_ name: String) throws(TranslationRefusal) -> Bool? {
        guard let value = self.value(name) else { return nil }
        guard case .bool(let flag) = value else { throw self.wrong(name, "true or false", value) }
        return flag
    }

    mutating func number(_ name: String) throws(TranslationRefusal) -> JSONNumber? {
        guard let value = self.value(name) else { return nil }
        guard case .number(let number) = value else { throw self.wrong(name, "a number", value) }
        return number
    }

    /// A whole number of at least `minimum`.
    mutating func int(_ name: String, atLeast minimum: Int) throws(TranslationRefusal) -> Int? {
        guard let value = self.value(name) else { return nil }
        guard let number = value.intValue, number >= minimum else {
            throw TranslationRefusal(self.path(of: name), "must be a whole number of at least \(minimum)")
        }
        return number
    }

    mutating func array(_ name: String) throws(TranslationRefusal) -> [JSONValue]? {
        guard let value = self.value(name) else { return nil }
        guard case .array(let elements) = value else { throw self.wrong(name, "an array", value) }
        return elements
    }

    mutating func fields(_ name: String) throws(TranslationRefusal) -> RequestFields? {
        guard let value = self.value(name) else { return nil }
        return try RequestFields(value, at: self.path(of: name))
    }

    func missing(_ name: String) -> TranslationRefusal {
        TranslationRefusal(self.path(of: name), "is required")
    }

    func wrong(_ name: String, _ expected: String, _ value: JSONValue) -> TranslationRefusal {
        TranslationRefusal(self.path(of: name), "must be \(expected), not \(value.kind)")
    }

    /// For what the dialect has and no other can be told.
    func unsupported(_ name: String, _ why: String) -> TranslationRefusal {
        TranslationRefusal(self.path(of: name), why, code: .unsupportedParameter)
    }
}
