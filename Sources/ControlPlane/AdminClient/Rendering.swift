import Wire

/// How answers look to people.
enum Rendering {
    /// What stands in a cell for a value: texts bare, nothing as `-`, the rest as JSON.
    static func cell(_ value: JSONValue?) -> String {
        switch value {
        case nil, .null?: "-"
        case .string(let text)?: Rendering.safe(text.string)
        case .array(let elements)? where elements.allSatisfy { $0.stringValue != nil }:
            elements.isEmpty ? "-" : Rendering.safe(elements.compactMap(\.stringValue).joined(separator: ","))
        case .object(let object)? where object.isEmpty: "-"
        case let value?: Rendering.safe(JSONWriter.text(value))
        }
    }

    /// A table of the items of a page, a column per path.
    static func table(_ page: JSONValue, _ columns: [(title: String, path: String)]) -> String {
        let items = page["data"]?.arrayValue ?? []
        guard !items.isEmpty else { return "none" }
        let rows = items.map { item in columns.map { Rendering.cell(Rendering.member($0.path, of: item)) } }
        let table = TextTable.render(columns.map(\.title), rows)
        return page["next_cursor"]?.stringValue == nil ? table : "\(table)\n… and more"
    }

    /// One line per member, those of nested objects by their path.
    static func record(_ value: JSONValue) -> String {
        var rows: [(String, String)] = []
        Rendering.flatten(value, at: "", into: &rows)
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { name, text in
            name + String(repeating: " ", count: width - name.count + 2) + text
        }
        .joined(separator: "\n")
    }

    /// The changes of a write, `+` for what is new, `~` for what differs, `-` for what goes.
    static func changes(_ value: JSONValue) -> String {
        let changes = value["changes"]?.arrayValue ?? []
        var lines: [String] = []
        for change in changes {
            let action = change["action"]?.stringValue ?? ""
            let sign = action == "create" ? "+" : action == "delete" ? "-" : "~"
            lines.append("\(sign) \(Rendering.cell(change["kind"])) \(Rendering.cell(change["key"]))")
            guard action == "update" else { continue }
            for field in change["fields"]?.arrayValue ?? [] {
                let before = Rendering.cell(field["before"])
                lines.append("    \(Rendering.cell(field["field"])): \(before) -> \(Rendering.cell(field["after"]))")
            }
        }
        return lines.isEmpty ? "no changes" : lines.joined(separator: "\n")
    }

    /// The changes of a write and what became of them.
    static func outcome(_ value: JSONValue) -> String {
        let count = value["changes"]?.arrayValue?.count ?? 0
        guard count > 0 else { return "no changes" }
        let end =
            value["dry_run"] == true
            ? "dry run: nothing was changed" : "snapshot \(Rendering.cell(value["snapshot_version"]))"
        return "\(Rendering.changes(value))\n\(end)"
    }

    static func member(_ path: String, of value: JSONValue) -> JSONValue? {
        path.split(separator: ".").reduce(Optional(value)) { $0?[String($1)] }
    }

    private static func flatten(_ value: JSONValue, at path: String, into rows: inout [(String, String)]) {
        guard let object = value.objectValue, !object.isEmpty || path.isEmpty else {
            rows.append((path, Rendering.cell(value)))
            return
        }
        for (name, member) in object.members {
            Rendering.flatten(member, at: path.isEmpty ? name : "\(path).\(name)", into: &rows)
        }
    }

    /// Control characters would let a stored text draw on the terminal.
    private static func safe(_ text: String) -> String {
        String(text.map { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f } ? $0 : "?" })
    }
}
