import Foundation

/// The folder `Fixtures` beside a test file: inputs and goldens, read in place and never copied.
package struct FixtureFolder: Sendable {
    private let path: String

    /// `file` is any file in the folder of the test target.
    package init(beside file: String = #filePath, named name: String = "Fixtures") {
        self.path = URL(filePath: file).deletingLastPathComponent().appending(path: name).path
    }

    /// Where a file of this folder is, there or not.
    package func path(of name: String) -> String { "\(self.path)/\(name)" }

    /// Throws when the file cannot be read.
    package func bytes(of name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: self.path(of: name))))
    }

    /// The names of the files in a folder below this one that end like this, without the ending, sorted; empty
    /// when there is no such folder.
    package func names(in folder: String, endingWith ending: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: self.path(of: folder))) ?? []
        return names.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
    }
}
