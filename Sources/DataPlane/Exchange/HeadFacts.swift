/// What a request head says, as far as any decision needs it; taken from the wire by the server, judged here.
package struct HeadFacts: Sendable {
    package var method: String
    /// The request target as sent, query included.
    package var target: String
    package var minorVersion: Int
    /// All values of `Host`, in order.
    package var hosts: [String] = []
    /// All values of `Transfer-Encoding`.
    package var transferEncodings: [String] = []
    /// The value of `Content-Length`; the parser has refused twins and malformed ones.
    package var contentLength: Int?
    package var contentEncodings: [String] = []
    package var contentTypes: [String] = []
    package var authorizations: [String] = []
    package var apiKeys: [String] = []
    /// The protocols that the caller would rather speak, in lower case; none that `Connection` does not name.
    package var upgrades: [String] = []
    package var expectations: [String] = []
    /// Headers of a dialect that a provider of the same dialect needs, names in lower case.
    package var dialectHeaders: [(name: String, value: String)] = []
    /// Whether the caller wants a refusal rather than an answer to less than it asked (`x-router-strict: true`).
    package var isStrict = false
    /// What the caller calls its session, by the headers of Codex and Claude Code.
    package var session: String?
    /// Whether `Connection` lets the connection live on after this exchange.
    package var keepsAlive = true

    package init(method: String, target: String, minorVersion: Int) {
        self.method = method
        self.target = target
        self.minorVersion = minorVersion
    }

    /// The request target without its query.
    package var path: Substring {
        // Byte by byte: a walk over characters would cost a microsecond.
        self.target[..<(self.target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? self.target.endIndex)]
    }
}
