import Foundation

/// A directory of one test, gone with it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        self.path = "/tmp/feeds-tests-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString)"
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.path)
        try? FileManager.default.removeItem(atPath: self.path + ".away")
    }

    /// Permission bits of the directory or of a file in it.
    func mode(of name: String = "") throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(self.path)/\(name)")
        return (attributes[.posixPermissions] as? NSNumber)?.intValue
    }

    func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: self.path).sorted()
    }

    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(self.path)/\(name)")))
    }

    func replace(_ name: String, with bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(self.path)/\(name)"))
    }

    /// Takes the directory away, so that nothing can be written or read until it is back.
    ///
    /// Permissions would not do: tests may run as root.
    func takeAway() throws {
        try FileManager.default.moveItem(atPath: self.path, toPath: self.path + ".away")
    }

    func bringBack() throws {
        try FileManager.default.moveItem(atPath: self.path + ".away", toPath: self.path)
    }
}
