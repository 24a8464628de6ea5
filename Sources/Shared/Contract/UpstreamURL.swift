/// The base URL of a provider: `http` or `https`, a host, an optional port and path, and nothing else.
///
/// Credentials, queries, fragments, spaces and control characters are refused, so that what is checked here is
/// what the transport connects to (two URL parsers that disagree were CVE-2026-25960).
package struct UpstreamURL: Hashable, Sendable, CustomStringConvertible {
    package let isSecure: Bool
    /// Lower case; an IPv6 address keeps its brackets.
    package let host: String
    /// As written, or the scheme's own.
    package let port: Int
    /// Empty or with a leading `/`, without a trailing one.
    package let path: String
    private let hasPort: Bool

    /// Nil when the text is no such URL.
    package init?(_ text: String) {
        let rest: Substring
        if text.hasPrefix("https://") {
            self.isSecure = true
            rest = text.dropFirst(8)
        } else if text.hasPrefix("http://") {
            self.isSecure = false
            rest = text.dropFirst(7)
        } else {
            return nil
        }
        guard text.utf8.count <= 2048, rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") })
        else { return nil }
        guard !rest.contains(where: { "?#@\"<>^`{|}".contains($0) }) else { return nil }
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        var path = String(rest[slash...])
        while path.hasSuffix("/") { path.removeLast() }
        guard !path.contains("//"), !path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) else {
            return nil
        }
        self.path = path

        let hostText: Substring
        let portText: Substring?
        if authority.hasPrefix("[") {
            guard let bracket = authority.firstIndex(of: "]") else { return nil }
            hostText = authority[...bracket]
            let tail = authority[authority.index(after: bracket)...]
            guard tail.isEmpty || tail.hasPrefix(":") else { return nil }
            portText = tail.isEmpty ? nil : tail.dropFirst()
            guard hostText.contains(":"),
                hostText.dropFirst().dropLast().allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." })
            else {
                return nil
            }
        } else {
            let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = parts.first else { return nil }
            hostText = first
            portText = parts.count > 1 ? parts[1] : nil
            guard hostText.utf8.allSatisfy(UpstreamURL.allowsInHost) else { return nil }
        }
        guard !hostText.isEmpty, hostText.utf8.count <= 255 else { return nil }
        self.host = hostText.lowercased()
        if let portText {
            guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(portText),
                (1...65535).contains(port)
            else { return nil }
            self.port = port
            self.hasPort = true
        } else {
            self.port = self.isSecure ? 443 : 80
            self.hasPort = false
        }
    }

    package var description: String {
        "\(self.isSecure ? "https" : "http")://\(self.authority)\(self.path)"
    }

    /// What the `Host` header says.
    package var authority: String { self.hasPort ? "\(self.host):\(self.port)" : self.host }

    /// Whether both lead to one server: the same scheme, host and port (RFC 6454), written out or not.
    package func hasSameOrigin(as other: UpstreamURL) -> Bool {
        self.isSecure == other.isSecure && self.host == other.host && self.port == other.port
    }

    private static func allowsInHost(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
