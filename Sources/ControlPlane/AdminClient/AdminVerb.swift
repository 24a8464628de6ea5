import ArgumentParser
import CurlTransport
import Glibc
import Wire

/// A command that asks the admin API something and shows the answer.
protocol AdminVerb: AsyncParsableCommand {
    var options: ConnectionOptions { get }

    func perform(_ connection: AdminConnection) async throws(AdminFailure) -> JSONValue

    /// The answer for people.
    func render(_ answer: JSONValue) -> String
}

extension AdminVerb {
    func run() async throws {
        do throws(AdminFailure) {
            let answer = try await self.ask()
            print(self.options.json ? JSONWriter.text(answer) : self.render(answer))
        } catch {
            let bytes = Array("router-control-plane: \(error)\n".utf8)
            _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
            throw ExitCode(error.exitStatus)
        }
    }

    private func ask() async throws(AdminFailure) -> JSONValue {
        let reactor: CurlReactor
        do { reactor = try CurlReactor(name: "admin") } catch { throw .usage("libcurl does not start: \(error)") }
        defer { reactor.shutdown() }
        return try await self.perform(self.options.connection(reactor))
    }

    func render(_ answer: JSONValue) -> String { Rendering.record(answer) }
}

/// A name as part of a path; what no name can hold would change the path's meaning.
func pathSegment(_ text: String) throws(AdminFailure) -> String {
    let allowed = text.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
    }
    guard allowed, !text.isEmpty, text != ".", text != ".." else { throw .usage("'\(text.prefix(100))' is no name") }
    return text
}
