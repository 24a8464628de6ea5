/// Which headers a deployment may add to the requests to a provider.
package enum HeaderRules {
    /// Headers that framing, authentication or the gateway itself own.
    package static let reserved: Set<String> = [
        "accept-encoding", "authorization", "connection", "content-encoding", "content-length", "content-type",
        "cookie",
        "expect", "host", "keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade", "x-api-key", "x-request-id",
    ]

    /// Whether the name is a lower-case token (RFC 9110 §5.6.2) that nothing reserves, and the value visible
    /// ASCII, spaces and tabs of at most 1024 bytes.
    package static func isAllowed(name: String, value: String) -> Bool {
        guard !name.isEmpty, name.utf8.count <= 64, !HeaderRules.reserved.contains(name) else { return false }
        guard name.utf8.allSatisfy(HeaderRules.allowsInName), value.utf8.count <= 1024 else { return false }
        return value.utf8.allSatisfy { (0x20...0x7e).contains($0) || $0 == 0x09 }
    }

    private static func allowsInName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
