import ArgumentParser
import Glibc

/// Starts the demo provider and serves until it is told to stop.
@main
struct DemoProviderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "DemoProvider",
        abstract: "A model provider with a scripted brain, for the quickstart, the tests and the benchmark."
    )

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 for any free one. The chosen port is printed.")
    var port = 8099

    @Option(name: .customLong("key"), help: "A key that callers may use; repeat for more. (default: demo-key)")
    var keys: [String] = []

    @Option(help: "A file to append one JSON line per request to.")
    var ledger: String?

    @Option(help: "Milliseconds to wait before every answer.")
    var latencyMs = 0

    @Option(help: "Event loops.")
    var threads = 1

    func validate() throws {
        guard (0...65535).contains(self.port) else { throw ValidationError("--port must be between 0 and 65535") }
        guard (1...64).contains(self.threads) else { throw ValidationError("--threads must be between 1 and 64") }
        guard (0...600_000).contains(self.latencyMs) else {
            throw ValidationError("--latency-ms must be between 0 and 600000")
        }
    }

    func run() throws {
        FileLimit.raise()
        let file = try self.ledger.map { try LedgerFile(path: $0) }
        let provider = Provider(
            keys: self.keys.isEmpty ? ["demo-key"] : self.keys,
            latency: self.latencyMs,
            ledger: Ledger(file: file)
        )
        let server = ProviderServer(provider: provider, host: self.host, port: self.port, threads: self.threads)
        try server.run { port in
            print("demo provider listening on \(self.host):\(port)")
            fflush(nil)
        }
    }
}
