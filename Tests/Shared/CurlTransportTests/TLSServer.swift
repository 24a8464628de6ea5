import Foundation
import NIOConcurrencyHelpers

/// OpenSSL's own test server with a fresh self-signed certificate for `localhost`, on a port of the kernel's choice.
///
/// It answers every GET with a page about the connection, and ends with this process. Needs the `openssl` program.
struct TLSServer: Sendable {
    let port: UInt16
    /// The certificate in PEM form, which is its own authority.
    let certificate: String

    init() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "transport-\(UUID())").path
        self.certificate = "\(directory)/certificate.pem"
        // The pipe on standard input is held by this process: when it closes, the server is ended and removed. Not by
        // SIGTERM, which what is started from a thread of Dispatch has inherited as blocked.
        let script = """
            set -e
            umask 077
            mkdir "$1"
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1/key.pem" \
                -out "$1/certificate.pem" -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
            openssl s_server -accept 127.0.0.1:0 -key "$1/key.pem" -cert "$1/certificate.pem" -www 2>/dev/null &
            server=$!
            cat >/dev/null
            kill -KILL $server
            rm -rf "$1"
            """
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script, "sh", directory]
        let lifeline = Pipe()
        let output = Pipe()
        process.standardInput = lifeline
        process.standardOutput = output
        try process.run()
        TLSServer.lifelines.withLockedValue { $0.append(lifeline) }
        self.port = try Self.port(from: output.fileHandleForReading)
    }

    /// Write ends of the pipes that keep the servers alive.
    private static let lifelines = NIOLockedValueBox<[Pipe]>([])

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
