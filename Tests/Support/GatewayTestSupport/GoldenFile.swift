import Foundation
package import Wire

/// A file that holds what a piece of code must give, byte for byte.
///
/// A missing golden fails. `GATEWAY_WRITE_GOLDENS=1` in the environment writes goldens anew instead of comparing;
/// read the difference before committing it.
package struct GoldenFile: Sendable {
    /// How what was given differs from the golden.
    package struct Mismatch: Error, CustomStringConvertible {
        package let description: String
    }

    private let path: String

    /// `name` is a path below the folder, with its ending.
    package init(_ name: String, in folder: FixtureFolder) {
        self.path = folder.path(of: name)
    }

    /// Compares bytes with the golden; throws `Mismatch`.
    package func check(_ bytes: [UInt8]) throws {
        let url = URL(filePath: self.path)
        if ProcessInfo.processInfo.environment["GATEWAY_WRITE_GOLDENS"] == "1" {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(bytes).write(to: url)
            return
        }
        guard let golden = try? Data(contentsOf: url) else {
            throw Mismatch(description: "there is no golden \(self.path); GATEWAY_WRITE_GOLDENS=1 writes it")
        }
        guard !golden.elementsEqual(bytes) else { return }
        let offset = zip(golden, bytes).prefix { $0 == $1 }.count
        func excerpt(_ bytes: some Collection<UInt8>) -> String {
            String(decoding: bytes.dropFirst(max(0, offset - 40)).prefix(120), as: UTF8.self)
        }
        throw Mismatch(
            description: """
                \(self.path) differs from byte \(offset) on (\(golden.count) bytes against \(bytes.count)):
                golden: …\(excerpt(golden))…
                given:  …\(excerpt(bytes))…
                """
        )
    }

    /// Compares a JSON value, written with a line for each member of its outer two levels.
    package func check(_ value: JSONValue) throws {
        try self.check(Array("\(GoldenFile.lines(of: value, depth: 2, indent: ""))\n".utf8))
    }

    private static func lines(of value: JSONValue, depth: Int, indent: String) -> String {
        let inner = indent + "  "
        switch value {
        case .array(let elements) where depth > 0 && !elements.isEmpty:
            let lines = elements.map { inner + GoldenFile.lines(of: $0, depth: depth - 1, indent: inner) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
        case .object(let object) where depth > 0 && !object.isEmpty:
            let lines = object.members.map { name, value in
                "\(inner)\(JSONWriter.text(.string(name))): "
                    + GoldenFile.lines(of: value, depth: depth - 1, indent: inner)
            }
            return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
        default: return JSONWriter.text(value)
        }
    }
}
