/// The members of a JSON object in the order in which they were written; no name occurs twice.
package struct JSONObject: Hashable, Sendable {
    package typealias Member = (name: String, value: JSONValue)

    private var names: [String]
    private var values: [JSONValue]

    package init() {
        self.names = []
        self.values = []
    }

    /// A later member replaces an earlier one of the same name, in its place.
    package init(_ members: [(String, JSONValue)]) {
        self.init()
        for (name, value) in members { self[name] = value }
    }

    /// For a reader that has already refused twin names.
    init(names: [String], values: [JSONValue]) {
        self.names = names
        self.values = values
    }

    package var isEmpty: Bool { self.names.isEmpty }
    package var count: Int { self.names.count }
    package var memberNames: [String] { self.names }
    package var members: [Member] { zip(self.names, self.values).map { ($0, $1) } }

    /// The place of a member; nil when there is none of that name.
    func index(of name: String) -> Int? { self.names.firstIndex(of: name) }

    /// The value at a place that `index(of:)` gave.
    func value(at index: Int) -> JSONValue { self.values[index] }

    /// Setting nil removes the member; a new name goes to the end.
    package subscript(name: String) -> JSONValue? {
        get {
            // Objects here have a few dozen members at most, where a walk beats a hash table.
            self.names.firstIndex(of: name).map { self.values[$0] }
        }
        set {
            switch (self.names.firstIndex(of: name), newValue) {
            case (let index?, let value?): self.values[index] = value
            case (let index?, nil):
                self.names.remove(at: index)
                self.values.remove(at: index)
            case (nil, let value?):
                self.names.append(name)
                self.values.append(value)
            case (nil, nil): break
            }
        }
    }
}
