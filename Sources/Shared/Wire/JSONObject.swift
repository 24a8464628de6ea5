/// The members of a JSON object in the order in which they were written; no name occurs twice.
package struct JSONObject: Hashable, Sendable {
    package typealias Member = (name: String, value: JSONValue)

    struct Entry: Hashable, Sendable {
        let name: String
        var value: JSONValue
    }

    private var entries: [Entry]

    package init() {
        self.entries = []
    }

    /// A later member replaces an earlier one of the same name, in its place.
    package init(_ members: [(String, JSONValue)]) {
        self.init()
        self.entries.reserveCapacity(members.count)
        for (name, value) in members { self[name] = value }
    }

    /// For a reader that has already refused twin names.
    init(entries: [Entry]) {
        self.entries = entries
    }

    package var isEmpty: Bool { self.entries.isEmpty }
    package var count: Int { self.entries.count }
    package var memberNames: [String] { self.entries.map(\.name) }
    package var members: [Member] { self.entries.map { ($0.name, $0.value) } }

    /// The place of a member; nil when there is none of that name.
    package func index(of name: String) -> Int? {
        // Objects here have a few dozen members at most, where a walk beats a hash table.
        self.entries.firstIndex { JSONObject.isSameName($0.name, name) }
    }

    /// Whether two names are the same, byte for byte: canonically equivalent ones are two members (RFC 8259 §8.3).
    static func isSameName(_ name: String, _ other: String) -> Bool {
        // The count first: most names that are compared differ in it, and it costs nothing.
        name.utf8.count == other.utf8.count && name == other
            && (name.utf8Span.isKnownASCII || name.utf8.elementsEqual(other.utf8))
    }

    /// The name at a place below `count`.
    package func name(at index: Int) -> String { self.entries[index].name }

    /// The value at a place below `count`, such as `index(of:)` gives.
    package func value(at index: Int) -> JSONValue { self.entries[index].value }

    /// The same object, sharing nothing with the bytes that it was read from: for what outlives them.
    package var detached: JSONObject {
        JSONObject(entries: self.entries.map { Entry(name: $0.name, value: $0.value.detached) })
    }

    /// Setting nil removes the member; a new name goes to the end.
    package subscript(name: String) -> JSONValue? {
        get { self.index(of: name).map { self.entries[$0].value } }
        set {
            switch (self.index(of: name), newValue) {
            case (let index?, let value?): self.entries[index].value = value
            case (let index?, nil): self.entries.remove(at: index)
            case (nil, let value?): self.entries.append(Entry(name: name, value: value))
            case (nil, nil): break
            }
        }
    }
}
