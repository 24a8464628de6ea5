import Foundation
import NIOConcurrencyHelpers

/// OpenSSL's own test server with a fresh self-signed certificate for `localhost`, on a port of the kernel's choice.
///
/// It answers every GET with a page about the connection. Needs the `openssl` program.
final class TLSServer: Sendable {
    let port: UInt16
    /// The certificate in PEM form, which is its own authority.
    let certificate: String
    private let process: NIOLockedValueBox<Process>
    private let directory: URL

    init() throws {
        self.directory = FileManager.default.temporaryDirectory.appending(path: "transport-\(UUID())")
        try FileManager.default.createDirectory(at: self.directory, withIntermediateDirectories: true)
        let key = self.directory.appending(path: "key.pem").path
        self.certificate = self.directory.appending(path: "certificate.pem").path
        let request = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
            "-out", self.certificate, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
        ]
        let maker = Self.openssl(request)
        maker.standardError = FileHandle.nullDevice
        try maker.run()
        maker.waitUntilExit()
        guard maker.terminationStatus == 0 else { throw POSIXError(.EINVAL) }
        let server = Self.openssl([
            "s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", self.certificate, "-www",
        ])
        let output = Pipe()
        server.standardOutput = output
        server.standardError = FileHandle.nullDevice
        try server.run()
        self.process = NIOLockedValueBox(server)
        self.port = try Self.port(from: output.fileHandleForReading)
    }

    deinit {
        // Not SIGTERM, which it has inherited as blocked where it was started from a thread of Dispatch.
        self.process.withLockedValue { if $0.isRunning { _ = kill($0.processIdentifier, SIGKILL) } }
        try? FileManager.default.removeItem(at: self.directory)
    }

    private static func openssl(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        return process
    }

    /// The server says `ACCEPT 127.0.0.1:40123` once it listens.
    private static func port(from output: FileHandle) throws -> UInt16 {
        var text = ""
        while true {
            let bytes = output.availableData
            guard !bytes.isEmpty else { throw POSIXError(.ENOTCONN) }
            text += String(decoding: bytes, as: UTF8.self)
            for line in text.split(separator: "\n").dropLast(text.hasSuffix("\n") ? 0 : 1)
            where line.hasPrefix("ACCEPT") {
                if let port = line.split(separator: ":").last.flatMap({ UInt16($0) }) { return port }
            }
        }
    }
}
