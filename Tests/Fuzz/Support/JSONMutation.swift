import Wire

/// Changes JSON texts by whole values: changes of bytes rarely leave a text that is still JSON.
struct JSONMutation {
    private var generator: FuzzGenerator
    /// Values of the text itself, and some that readers of numbers and shapes trip over.
    private var donors: [JSONValue] = [
        nil, true, false, 0, -1, 3, "", "a", "{}", "{\"a\":[1]}", [], [nil], [[]], [:], ["type": "text"], ["type": nil],
        .int(.max), .int(.min), "\u{0}\u{1f600}", "data:image/png;base64,AAAA", "auto", "none",
    ]

    init(_ generator: FuzzGenerator) { self.generator = generator }

    /// Nil for what is no JSON.
    mutating func changed(_ bytes: [UInt8]) -> [UInt8]? {
        guard let value = try? JSONReader.read(bytes) else { return nil }
        self.collect(value)
        var changed = value
        for _ in 0...self.generator.below(3) { changed = self.changed(changed) }
        return JSONWriter.write(changed)
    }

    private mutating func collect(_ value: JSONValue) {
        self.donors.append(value)
        switch value {
        case .array(let elements): for element in elements { self.collect(element) }
        case .object(let object):
            for member in object.members {
                self.donors.append(.string(member.name))
                self.collect(member.value)
            }
        case .null, .bool, .number, .string: break
        }
    }

    private mutating func donor() -> JSONValue { self.donors[self.generator.below(self.donors.count)] }

    private mutating func changed(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements) where self.generator.below(12) > 0: .array(self.changed(elements))
        case .object(let object) where self.generator.below(12) > 0: .object(self.changed(object))
        case .null, .bool, .number, .string, .array, .object: self.donor()
        }
    }

    private mutating func changed(_ elements: [JSONValue]) -> [JSONValue] {
        var elements = elements
        let index = self.generator.below(elements.count)
        guard !elements.isEmpty else { return [self.donor()] }
        switch self.generator.below(10) {
        case 0: elements.remove(at: index)
        case 1: elements.append(elements[index])
        case 2: elements.swapAt(index, self.generator.below(elements.count))
        case 3: elements.insert(self.donor(), at: index)
        default: elements[index] = self.changed(elements[index])
        }
        return elements
    }

    private mutating func changed(_ object: JSONObject) -> JSONObject {
        var object = object
        let name = object.isEmpty ? "type" : object.memberNames[self.generator.below(object.count)]
        switch self.generator.below(10) {
        case 0: object[name] = nil
        case 1: object[self.donor().stringValue ?? "type"] = self.donor()
        case 2: object[self.donor().stringValue ?? "id"] = object[name]
        default: object[name] = self.changed(object[name] ?? .null)
        }
        return object
    }
}
