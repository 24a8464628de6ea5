import Canonical

/// A name that somebody else chose, as it may stand in a report of losses: in letters that fit a header.
enum FieldName {
    /// More names than this are only counted as `others`.
    static let maximumNames = 32

    static func printable(_ name: String) -> String {
        var result = ""
        for scalar in name.unicodeScalars.prefix(64) {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".": result.unicodeScalars.append(scalar)
            default: result.append("_")
            }
        }
        return result
    }
}

extension LossReport {
    /// Drops the members of an object that nobody asked for and that say something.
    ///
    /// Those of the names `passed` say nothing that could be lost.
    mutating func dropUnread(of fields: RequestFields, except passed: Set<String> = []) {
        let names = fields.unread.filter { !passed.contains($0) }
        guard !names.isEmpty else { return }
        let prefix = fields.path.isEmpty ? "" : "\(fields.memberPath)."
        for name in names.prefix(FieldName.maximumNames) { self.drop(prefix + FieldName.printable(name)) }
        if names.count > FieldName.maximumNames { self.drop("\(prefix)others") }
    }
}
