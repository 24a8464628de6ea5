/// A file of settings: `NAME=value` lines, the names those of the environment.
///
/// Empty lines and lines that begin with `#` are skipped. White space around name and value is dropped; a value in
/// one pair of double or single quotes is what stands between them, and nothing is escaped or expanded.
package enum SettingsFile {
    /// The values by name.
    ///
    /// Throws every problem of the file at once; no value is part of their text.
    package static func parse(_ text: String) throws(SettingsError) -> [String: String] {
        var values: [String: String] = [:]
        var problems: [SettingProblem] = []
        // Split at the bytes: to Swift, a line feed after a carriage return is another character.
        for (index, bytes) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            let line = SettingsFile.trimmed(Substring(bytes))
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            func note(_ problem: String) {
                problems.append(SettingProblem(name: "line \(index + 1)", source: .file, problem: problem))
            }
            guard let equals = line.firstIndex(of: "=") else {
                note("must be NAME=value")
                continue
            }
            let name = SettingsFile.trimmed(line[..<equals])
            guard SettingsFile.isName(name) else {
                note("must begin with a name of A-Z, 0-9 and _")
                continue
            }
            guard values[String(name)] == nil else {
                note("gives \(name) a second time")
                continue
            }
            values[String(name)] = String(
                SettingsFile.unquoted(SettingsFile.trimmed(line[line.index(after: equals)...]))
            )
        }
        guard problems.isEmpty else { throw SettingsError(problems: problems) }
        return values
    }

    static func trimmed(_ text: Substring) -> Substring {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }
        let bytes = text.utf8.drop(while: isSpace)
        let end = bytes.lastIndex { !isSpace($0) }.map { bytes.index(after: $0) } ?? bytes.startIndex
        return Substring(bytes[..<end])
    }

    private static func unquoted(_ value: Substring) -> Substring {
        guard value.utf8.count >= 2, let quote = value.first, quote == "\"" || quote == "'", value.last == quote else {
            return value
        }
        return value.dropFirst().dropLast()
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
            default: false
            }
        }
    }
}
