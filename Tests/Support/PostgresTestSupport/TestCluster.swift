import Foundation
package import Identity
import Logging
import Postgres
import NIOConcurrencyHelpers

/// The PostgreSQL server of this test process.
///
/// `GATEWAY_TEST_DATABASE_URL` names one that exists already; otherwise the first test starts a private one under
/// /tmp, on a unix socket only and not as root, which ends with this process however that ends.
package struct TestCluster: Sendable {
    package struct StartFailure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Connects to the database `name` of the cluster, `postgres` for the one that is always there.
    package let url: @Sendable (_ name: String) -> Secret

    private static let started = NIOLockedValueBox<Result<TestCluster, StartFailure>?>(nil)

    /// Starts it on the first call; a failure fails every test, for a skipped test proves nothing.
    package static func shared() throws -> TestCluster {
        try TestCluster.started.withLockedValue { started in
            if let result = started { return try result.get() }
            let result = Result { () throws(StartFailure) in try TestCluster.find() }
            started = result
            return try result.get()
        }
    }

    private static func find() throws(StartFailure) -> TestCluster {
        if let text = ProcessInfo.processInfo.environment["GATEWAY_TEST_DATABASE_URL"], !text.isEmpty {
            guard let template = URLComponents(string: text) else {
                throw StartFailure(description: "GATEWAY_TEST_DATABASE_URL is no URL")
            }
            return TestCluster { name in
                var components = template
                components.path = "/\(name)"
                return Secret(components.string ?? text)
            }
        }
        let directory = try TestCluster.startPrivate(extraOptions: [])
        return TestCluster { name in Secret("host=\(directory) user=postgres dbname=\(name)") }
    }

    /// Starts a server in a new directory and returns that directory, which holds its socket.
    package static func startPrivate(extraOptions: [String]) throws(StartFailure) -> String {
        let directory = "/tmp/gateway-test-postgres-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
        let binaries = try TestCluster.binaries()
        // The pipe on standard input is held by this process: when it closes, the server is stopped and removed.
        let script = """
            set -e
            umask 077
            mkdir "$1"
            if [ "$(id -u)" = 0 ]; then
                chown postgres "$1"
                as="setpriv --reuid=postgres --regid=postgres --clear-groups"
            else
                as=
            fi
            $as "$2/initdb" --pgdata="$1/data" --username=postgres --auth=trust --no-sync --encoding=UTF8 \
                --locale=C >"$1/../$(basename "$1").log" 2>&1
            $as "$2/postgres" -D "$1/data" -k "$1" -c listen_addresses= -c fsync=off -c full_page_writes=off \
                -c synchronous_commit=off -c max_connections=400 -c shared_buffers=32MB $3 \
                >>"$1/../$(basename "$1").log" 2>&1 &
            server=$!
            cat >/dev/null
            kill -INT $server
            wait $server || true
            rm -rf "$1" "$1.log"
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", script, "sh", directory, binaries, extraOptions.joined(separator: " ")]
        let lifeline = Pipe()
        process.standardInput = lifeline
        do {
            try process.run()
        } catch {
            throw StartFailure(description: "/bin/sh cannot be run: \(error)")
        }
        TestCluster.lifelines.withLockedValue { $0.append(lifeline) }
        try TestCluster.waitForSocket(in: directory, of: process)
        return directory
    }

    /// Write ends of the pipes that keep the servers alive.
    private static let lifelines = NIOLockedValueBox<[Pipe]>([])

    private static func waitForSocket(in directory: String, of process: Process) throws(StartFailure) {
        let deadline = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < deadline {
            if !process.isRunning { break }
            // The last line of this file says `ready` once connections are accepted.
            let status = try? String(contentsOfFile: "\(directory)/data/postmaster.pid", encoding: .utf8)
            if let status, status.contains("ready") { return }
            usleep(20_000)
        }
        let log = (try? String(contentsOfFile: "\(directory).log", encoding: .utf8)) ?? ""
        throw StartFailure(description: "PostgreSQL did not start: \(log)")
    }

    private static func binaries() throws(StartFailure) -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        guard let newest = versions.compactMap({ Int($0) }).max() else {
            throw StartFailure(description: "no PostgreSQL under \(root): apt install postgresql")
        }
        return "\(root)/\(newest)/bin"
    }
}
