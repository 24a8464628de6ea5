/// An address and port to listen on.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// An IPv4 or IPv6 address without brackets, or a host name.
    package let host: String
    /// 0 lets the system choose a free one.
    package let port: Int

    /// Any free port that only this machine reaches.
    package static let anyLoopback = ListenAddress(host: "127.0.0.1", port: 0)

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `host:port`; an IPv6 address stands in brackets.
    package init(_ text: String) throws(SettingRefusal) {
        let form = SettingRefusal("must be an address and a port, such as 127.0.0.1:8080 or [::1]:8080")
        guard let colon = text.lastIndex(of: ":") else { throw form }
        let digits = text[text.index(after: colon)...]
        guard (1...5).contains(digits.utf8.count), digits.utf8.allSatisfy(ListenAddress.isDigit), let port = Int(digits)
        else { throw form }
        guard port <= 65_535 else { throw SettingRefusal("must have a port between 0 and 65535") }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard ListenAddress.isIPv6(host) else { throw SettingRefusal("must have an IPv6 address in its brackets") }
        } else {
            guard !host.isEmpty else {
                throw SettingRefusal("must name the address, such as 0.0.0.0:\(port) for every interface")
            }
            guard ListenAddress.isIPv4(host) || ListenAddress.isHostName(host) else { throw form }
        }
        self.host = String(host)
        self.port = port
    }

    package var description: String {
        self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isIPv4(_ text: Substring) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.utf8.count) && part.utf8.allSatisfy(ListenAddress.isDigit)
                    && Int(part).map { $0 <= 255 } ?? false
            }
    }

    /// Eight groups, or fewer with one `::`; the last two may be an IPv4 address (RFC 4291 section 2.2).
    private static func isIPv6(_ text: Substring) -> Bool {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        var count = 0
        for (index, half) in halves.enumerated() where !half.isEmpty {
            var groups = half.split(separator: ":", omittingEmptySubsequences: false)
            if index == halves.count - 1, let last = groups.last, last.contains(".") {
                guard ListenAddress.isIPv4(last) else { return false }
                groups.removeLast()
                count += 2
            }
            for group in groups {
                guard (1...4).contains(group.utf8.count), group.utf8.allSatisfy(ListenAddress.isHexDigit) else {
                    return false
                }
            }
            count += groups.count
        }
        return halves.count == 1 ? count == 8 : halves.count == 2 && count <= 7
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        ListenAddress.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }

    /// Letters, digits, `-` and `.`, not a malformed IPv4 address.
    private static func isHostName(_ text: Substring) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let isSpelledRight = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.utf8.allSatisfy { byte in
                    ListenAddress.isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                        || byte == UInt8(ascii: "-")
                }
        }
        let endsInNumber = labels.last.map { $0.utf8.allSatisfy(ListenAddress.isDigit) } ?? true
        return isSpelledRight && !endsInNumber && text.utf8.count <= 253
    }
}
