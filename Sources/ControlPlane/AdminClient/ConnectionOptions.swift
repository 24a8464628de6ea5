import ArgumentParser
import CurlTransport
import Glibc
import Identity
import Launch

/// Where the control plane is, who asks, and how answers are shown; the same for every verb.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "The control plane's admin URL (default: $ROUTER_ADMIN_URL, else http://127.0.0.1:8090).")
    var url: String?

    @Option(help: "A file with the administrator's token (default: the token itself in $ROUTER_ADMIN_TOKEN).")
    var tokenFile: String?

    @Option(help: "A PEM bundle of certificate authorities instead of the system's.")
    var caFile: String?

    @Flag(help: "Print the answer as JSON.")
    var json = false

    static let usualURL = "http://127.0.0.1:8090"

    func connection(_ reactor: CurlReactor) throws(AdminFailure) -> AdminConnection {
        var url = self.url ?? ConnectionOptions.environment("ROUTER_ADMIN_URL") ?? ConnectionOptions.usualURL
        while url.hasSuffix("/") { url.removeLast() }
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw .usage("--url must be an http or https URL")
        }
        return AdminConnection(
            reactor: reactor,
            url: url,
            token: try self.token(),
            certificateAuthorities: self.caFile
        )
    }

    /// Never an argument: every user of the machine can read those.
    private func token() throws(AdminFailure) -> Secret {
        var text: String?
        if let path = self.tokenFile {
            do { text = try TextFile.read(path) } catch { throw .usage("--token-file \(error)") }
        } else {
            text = ConnectionOptions.environment("ROUTER_ADMIN_TOKEN")
        }
        let token = text.map { $0.filter { !$0.isWhitespace } } ?? ""
        guard !token.isEmpty else {
            throw .usage("an administrator's token is needed in $ROUTER_ADMIN_TOKEN or --token-file")
        }
        return Secret(token)
    }

    /// Nil when it is not set or empty.
    static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }
}
