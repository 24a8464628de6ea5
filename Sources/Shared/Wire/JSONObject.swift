/// The members of a JSON object in the order in which they were written; no name occurs twice.
package struct JSONObject: Sendable {
    package typealias Member = (name: String, value: JSONValue)

    struct Entry: Hashable, Sendable {
        let name: String
        var value: JSONValue
    }

    private enum Storage: Sendable {
        case read([Entry])
        /// Not looked into yet: most of these go from one JSON text into another as they are.
        case written(WrittenObject)
    }

    private var storage: Storage

    package init() {
        self.storage = .read([])
    }

    /// A later member replaces an earlier one of the same name, in its place.
    package init(_ members: [(String, JSONValue)]) {
        var entries: [Entry] = []
        entries.reserveCapacity(members.count)
        for (name, value) in members {
            if let index = JSONObject.index(of: name, in: entries) {
                entries[index].value = value
            } else {
                entries.append(Entry(name: name, value: value))
            }
        }
        self.storage = .read(entries)
    }

    /// For a reader that has already refused twin names.
    init(entries: [Entry]) {
        self.storage = .read(entries)
    }

    /// An object that is read when somebody looks into it, each time anew: see ``read``.
    init(written: WrittenObject) {
        self.storage = .written(written)
    }

    var entries: [Entry] {
        switch self.storage {
        case .read(let entries): entries
        case .written(let written): written.entries
        }
    }

    /// The bytes of an object that nobody has looked into.
    var written: WrittenObject? {
        if case .written(let written) = self.storage { written } else { nil }
    }

    /// The same object, read once and for all: for who goes through its members by their places.
    package var read: JSONObject {
        if case .written(let written) = self.storage { JSONObject(entries: written.entries) } else { self }
    }

    package var isEmpty: Bool { self.entries.isEmpty }
    package var count: Int { self.entries.count }
    package var memberNames: [String] { self.entries.map(\.name) }
    package var members: [Member] { self.entries.map { ($0.name, $0.value) } }

    /// The place of a member; nil when there is none of that name.
    package func index(of name: String) -> Int? { JSONObject.index(of: name, in: self.entries) }

    private static func index(of name: String, in entries: [Entry]) -> Int? {
        // Objects here have a few dozen members at most, where a walk beats a hash table.
        let entries = entries.span
        for index in entries.indices where JSONObject.isSameName(entries[index].name, name) { return index }
        return nil
    }

    /// Whether two names are the same, byte for byte: canonically equivalent ones are two members (RFC 8259 §8.3).
    static func isSameName(_ name: String, _ other: String) -> Bool {
        // The count first: most names that are compared differ in it, and it costs nothing.
        name.utf8.count == other.utf8.count && name == other
            && (name.utf8Span.isKnownASCII || name.utf8.elementsEqual(other.utf8))
    }

    /// Whether the name of a member begins with these characters.
    package func hasName(beginning: String) -> Bool {
        let entries = self.entries.span
        for index in entries.indices
        where entries[index].name.utf8.count >= beginning.utf8.count && entries[index].name.hasPrefix(beginning) {
            return true
        }
        return false
    }

    /// The name at a place below `count`.
    package func name(at index: Int) -> String { self.entries[index].name }

    /// The value at a place below `count`, such as `index(of:)` gives.
    package func value(at index: Int) -> JSONValue { self.entries[index].value }

    /// The same object, sharing nothing with the bytes that it was read from: for what outlives them.
    package var detached: JSONObject {
        switch self.storage {
        case .read(let entries):
            JSONObject(entries: entries.map { Entry(name: $0.name, value: $0.value.detached) })
        case .written(let written): JSONObject(written: written.detached)
        }
    }

    /// Setting nil removes the member; a new name goes to the end.
    package subscript(name: String) -> JSONValue? {
        get {
            let entries = self.entries
            return JSONObject.index(of: name, in: entries).map { entries[$0].value }
        }
        set {
            var entries = self.entries
            // Held by `entries` alone, so that they change in their place.
            self.storage = .read([])
            switch (JSONObject.index(of: name, in: entries), newValue) {
            case (let index?, let value?): entries[index].value = value
            case (let index?, nil): entries.remove(at: index)
            case (nil, let value?): entries.append(Entry(name: name, value: value))
            case (nil, nil): break
            }
            self.storage = .read(entries)
        }
    }
}

extension JSONObject: Hashable {
    package static func == (left: JSONObject, right: JSONObject) -> Bool { left.entries == right.entries }

    package func hash(into hasher: inout Hasher) { hasher.combine(self.entries) }
}
