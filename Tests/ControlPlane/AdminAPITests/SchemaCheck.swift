import Wire

/// Judges values by the schemas of an OpenAPI document: the part of JSON Schema that ours uses.
struct SchemaCheck {
    let document: JSONValue

    /// Where and why the value does not fit; empty when it does.
    func problems(_ value: JSONValue, _ schema: JSONValue, at path: String = "$") -> [String] {
        if let reference = schema["$ref"]?.stringValue {
            let name = String(reference.split(separator: "/").last ?? "")
            guard let target = self.document["components"]?["schemas"]?[name] else {
                return ["\(path): no schema \(name)"]
            }
            return self.problems(value, target, at: path)
        }
        if let choices = schema["anyOf"]?.arrayValue {
            let all = choices.map { self.problems(value, $0, at: path) }
            return all.contains { $0.isEmpty } ? [] : all.first ?? []
        }
        var problems: [String] = []
        if let type = schema["type"] {
            let allowed = type.stringValue.map { [$0] } ?? type.arrayValue?.compactMap(\.stringValue) ?? []
            guard allowed.contains(where: { self.isOf($0, value) }) else {
                return ["\(path): is \(value.kind), not \(allowed.joined(separator: " or "))"]
            }
        }
        if let allowed = schema["enum"]?.arrayValue, !allowed.contains(value) {
            problems.append("\(path): not in the list")
        }
        if let number = value.intValue {
            if let minimum = schema["minimum"]?.intValue, number < minimum { problems.append("\(path): too small") }
            if let maximum = schema["maximum"]?.intValue, number > maximum { problems.append("\(path): too large") }
        }
        if let text = value.stringValue, let maximum = schema["maxLength"]?.intValue, text.utf8.count > maximum {
            problems.append("\(path): too long")
        }
        if let items = schema["items"], let elements = value.arrayValue {
            for (index, element) in elements.enumerated() {
                problems += self.problems(element, items, at: "\(path)[\(index)]")
            }
        }
        if let object = value.objectValue {
            for name in schema["required"]?.arrayValue?.compactMap(\.stringValue) ?? [] where object[name] == nil {
                problems.append("\(path).\(name): missing")
            }
            for (name, member) in object.members {
                if let property = schema["properties"]?[name] {
                    problems += self.problems(member, property, at: "\(path).\(name)")
                } else if let additional = schema["additionalProperties"] {
                    if additional == false {
                        problems.append("\(path).\(name): not in the schema")
                    } else {
                        problems += self.problems(member, additional, at: "\(path).\(name)")
                    }
                }
            }
        }
        return problems
    }

    /// Every property that the schema allows, as dotted paths, maps and arrays passed through.
    func propertyPaths(_ schema: JSONValue, at path: String = "") -> Set<String> {
        if let reference = schema["$ref"]?.stringValue {
            let name = String(reference.split(separator: "/").last ?? "")
            return self.propertyPaths(self.document["components"]?["schemas"]?[name] ?? [:], at: path)
        }
        var paths: Set<String> = []
        for (name, property) in schema["properties"]?.objectValue?.members ?? [] {
            let inner = path.isEmpty ? name : "\(path).\(name)"
            paths.insert(inner)
            paths.formUnion(self.propertyPaths(property, at: inner))
        }
        if let items = schema["items"] { paths.formUnion(self.propertyPaths(items, at: path)) }
        if let additional = schema["additionalProperties"], additional.objectValue != nil {
            paths.formUnion(self.propertyPaths(additional, at: "\(path).*"))
        }
        return paths
    }

    private func isOf(_ type: String, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array), ("object", .object),
            ("number", .number):
            true
        case ("integer", .number): value.intValue != nil
        default: false
        }
    }
}
