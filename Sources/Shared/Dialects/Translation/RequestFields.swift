import Canonical
import Wire

/// The members of one object of a caller's request, read by name, with errors that say where they stand.
///
/// A member that is null counts as missing. What nobody asked for is left over in `unread`, unless it says nothing.
struct RequestFields {
    let object: JSONObject
    private let place: Place
    /// Which members were asked for, by their place: a bit each, and a set where there are more than 64.
    private var read: UInt64 = 0
    private var readBeyond: Set<Int> = []

    init(_ value: JSONValue, at path: String) throws(TranslationRefusal) {
        try self.init(value, .path(path))
    }

    /// An element of the list at `list`.
    init(_ value: JSONValue, in list: String, _ index: Int) throws(TranslationRefusal) {
        try self.init(value, .element(list, index))
    }

    /// An element of the list that is the member `name` of another object.
    init(_ value: JSONValue, in outer: RequestFields, _ name: String, _ index: Int) throws(TranslationRefusal) {
        try self.init(value, .inner(outer.place, name, index))
    }

    private init(_ value: JSONValue, _ place: Place) throws(TranslationRefusal) {
        self.place = place
        guard case .object(let object) = value else {
            let path = place.path
            throw TranslationRefusal(path.isEmpty ? "body" : path, "must be an object, not \(value.kind)")
        }
        self.object = object.read
    }

    /// Where the object stands: empty for the body, else such as `messages[3]`.
    var path: String { self.place.path }

    /// The path of a member.
    func path(of name: String) -> String { self.place.path(of: name) }

    /// Names of members that were not asked for, null and empty ones left out, in order.
    var unread: [String] {
        var names: [String] = []
        for index in 0..<self.object.count where !self.isRead(index) && !self.object.value(at: index).saysNothing {
            names.append(self.object.name(at: index))
        }
        return names
    }

    private func isRead(_ index: Int) -> Bool {
        index < 64 ? self.read >> UInt64(index) & 1 == 1 : self.readBeyond.contains(index)
    }

    private mutating func markRead(_ index: Int) {
        if index < 64 { self.read |= 1 << UInt64(index) } else { self.readBeyond.insert(index) }
    }

    /// Where the object stands, without indices: as losses are reported.
    var memberPath: String {
        var result = ""
        var isIndex = false
        for character in self.path.unicodeScalars {
            switch character {
            case "[": isIndex = true
            case "]": isIndex = false
            default: if !isIndex { result.unicodeScalars.append(character) }
            }
        }
        return result
    }

    /// Passes over members that have these values: they ask for what happens anyway.
    mutating func pass(_ usual: [(name: String, value: JSONValue)]) {
        for (name, value) in usual {
            guard let index = self.object.index(of: name) else { continue }
            let given = self.object.value(at: index)
            let isSame =
                switch (given, value) {
                case (.number(let one), .number(let other)): one.double == other.double
                default: given == value
                }
            if isSame { self.markRead(index) }
        }
    }

    mutating func value(_ name: String) -> JSONValue? {
        guard let index = self.object.index(of: name) else { return nil }
        self.markRead(index)
        let value = self.object.value(at: index)
        if case .null = value { return nil }
        return value
    }

    /// A string whose characters are not read yet.
    mutating func text(_ name: String) throws(TranslationRefusal) -> JSONText? {
        guard let value = self.value(name) else { return nil }
        guard case .string(let text) = value else { throw self.wrong(name, "a string", value) }
        return text
    }

    mutating func requiredText(_ name: String) throws(TranslationRefusal) -> JSONText {
        guard let text = try self.text(name) else { throw self.missing(name) }
        return text
    }

    mutating func string(_ name: String) throws(TranslationRefusal) -> String? {
        try self.text(name)?.string
    }

    /// An empty text counts as missing.
    mutating func nonEmptyString(_ name: String) throws(TranslationRefusal) -> String? {
        guard let text = try self.string(name), !text.isEmpty else { return nil }
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
        return try RequestFields(value, .member(self.place, name))
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

    /// Where an object stands; put into words only when something is wrong with it.
    private enum Place {
        /// Empty for the body.
        case path(String)
        case element(String, Int)
        indirect case member(Place, String)
        indirect case inner(Place, String, Int)

        /// Such as `messages[3]`.
        var path: String {
            switch self {
            case .path(let path): path
            case .element(let list, let index): "\(list)[\(index)]"
            case .member(let outer, let name): outer.path(of: name)
            case .inner(let outer, let list, let index): "\(outer.path(of: list))[\(index)]"
            }
        }

        func path(of name: String) -> String {
            let path = self.path
            return path.isEmpty ? name : "\(path).\(name)"
        }
    }
}

extension JSONValue {
    /// Whether it is as good as missing: null, an empty text or list, an object of nothing else.
    var saysNothing: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let object): object.members.allSatisfy { $0.value.saysNothing }
        case .bool, .number: false
        }
    }
}
