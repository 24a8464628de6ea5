/// A literal IPv4 or IPv6 address.
package struct NetworkAddress: Hashable, Sendable {
    /// What the host of a URL turns out to be.
    package enum Host: Hashable, Sendable {
        /// A name; local ones (`localhost`, `*.local`, `*.internal`, names without a dot) never leave the site.
        case name(isLocal: Bool)
        case address(NetworkAddress)
        /// Something that resolvers read as an address though it does not look like one: `127.1`, `0x7f000001`.
        case malformed
    }

    /// 4 or 16 bytes.
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether the whole internet may reach it: none of the special blocks of the IANA registries, and no IPv6
    /// form that wraps a non-public IPv4 address.
    package var isPublic: Bool {
        switch self.bytes.count {
        case 4: NetworkAddress.specialIPv4.allSatisfy { !$0.contains(self.bytes) }
        case 16:
            if let wrapped = self.wrappedIPv4 {
                wrapped.isPublic
            } else {
                // All else is not given out (RFC 4291 §2.4), or special.
                self.bytes[0] & 0xe0 == 0x20 && NetworkAddress.specialIPv6.allSatisfy { !$0.contains(self.bytes) }
            }
        default: false
        }
    }

    /// The IPv4 address inside a mapped (`::ffff:0:0/96`), translated (`::ffff:0:0:0/96`), compatible (`::/96`), NAT64
    /// (`64:ff9b::/96`) or 6to4 (`2002::/16`) address; Teredo (`2001::/32`) is special whatever it wraps.
    private var wrappedIPv4: NetworkAddress? {
        guard self.bytes.count == 16 else { return nil }
        let zeros = self.bytes.prefix(10).allSatisfy { $0 == 0 }
        if zeros, self.bytes[10] == 0xff, self.bytes[11] == 0xff {
            return NetworkAddress(bytes: Array(self.bytes[12...]))
        }
        let translated: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0]
        if self.bytes.starts(with: translated) { return NetworkAddress(bytes: Array(self.bytes[12...])) }
        if zeros, self.bytes[10] == 0, self.bytes[11] == 0 { return NetworkAddress(bytes: Array(self.bytes[12...])) }
        let nat64: [UInt8] = [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]
        if self.bytes.starts(with: nat64) { return NetworkAddress(bytes: Array(self.bytes[12...])) }
        if self.bytes.starts(with: [0x20, 0x02]) { return NetworkAddress(bytes: Array(self.bytes[2..<6])) }
        return nil
    }

    private struct Block {
        let prefix: [UInt8]
        let bits: Int

        init(_ prefix: [UInt8], _ bits: Int) {
            self.prefix = prefix
            self.bits = bits
        }

        func contains(_ address: [UInt8]) -> Bool {
            for bit in 0..<self.bits {
                let byte = bit / 8
                let mask: UInt8 = 0x80 >> UInt8(bit % 8)
                let expected = byte < self.prefix.count ? self.prefix[byte] & mask : 0
                guard byte < address.count, address[byte] & mask == expected else { return false }
            }
            return true
        }
    }

    private static let specialIPv4: [Block] = [
        Block([0], 8), Block([10], 8), Block([100, 64], 10), Block([127], 8), Block([169, 254], 16),
        Block([172, 16], 12), Block([192, 0, 0], 24), Block([192, 0, 2], 24), Block([192, 88, 99], 24),
        Block([192, 168], 16), Block([198, 18], 15), Block([198, 51, 100], 24), Block([203, 0, 113], 24),
        Block([224], 4), Block([240], 4),
    ]

    private static let specialIPv6: [Block] = [
        Block([0x01, 0x00], 64), Block([0x00, 0x64, 0xff, 0x9b, 0x00, 0x01], 48), Block([0x20, 0x01, 0x00], 23),
        Block([0x20, 0x01, 0x0d, 0xb8], 32), Block([0x3f, 0xff], 20), Block([0x5f, 0x00], 16), Block([0xfc], 7),
        Block([0xfe, 0x80], 10), Block([0xfe, 0xc0], 10), Block([0xff], 8),
    ]
}

extension NetworkAddress.Host {
    /// Classifies a lower-case host as `UpstreamURL` gives it: IPv6 in brackets.
    package init(_ text: String) {
        if text.hasPrefix("["), text.hasSuffix("]") {
            self = NetworkAddress.ipv6(text.dropFirst().dropLast()).map { .address($0) } ?? .malformed
            return
        }
        guard !text.utf8.contains(where: { "[]:".utf8.contains($0) }) else {
            self = .malformed
            return
        }
        let host = text.hasSuffix(".") ? text.dropLast() : text[...]
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        guard let last = labels.last, labels.allSatisfy({ !$0.isEmpty }) else {
            self = .malformed
            return
        }
        // The last label of a real name is never a number (RFC 3696 §2), so this is an address or nothing.
        if last.utf8.allSatisfy({ (0x30...0x39).contains($0) }) || last.hasPrefix("0x") {
            self = NetworkAddress.ipv4(host).map { .address($0) } ?? .malformed
            return
        }
        let local: Set<Substring> = [
            "localhost", "local", "localdomain", "internal", "lan", "home", "corp", "intranet", "arpa",
        ]
        self = .name(isLocal: labels.count == 1 || local.contains(last))
    }
}

extension NetworkAddress {
    static func ipv4(_ text: Substring) -> NetworkAddress? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            // A leading zero means octal to some resolvers and nothing to others.
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                part == "0" || !part.hasPrefix("0"), let byte = UInt8(part)
            else { return nil }
            bytes.append(byte)
        }
        return NetworkAddress(bytes: bytes)
    }

    static func ipv6(_ text: Substring) -> NetworkAddress? {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard (1...2).contains(halves.count),
            let front = NetworkAddress.groups(halves[0], mayEndInIPv4: halves.count == 1)
        else { return nil }
        guard halves.count == 2 else { return front.count == 16 ? NetworkAddress(bytes: front) : nil }
        guard let back = NetworkAddress.groups(halves[1], mayEndInIPv4: true), front.count + back.count <= 14 else {
            return nil
        }
        return NetworkAddress(bytes: front + [UInt8](repeating: 0, count: 16 - front.count - back.count) + back)
    }

    private static func groups(_ text: Substring, mayEndInIPv4: Bool) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let groups = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, group) in groups.enumerated() {
            if group.contains("."), mayEndInIPv4, index == groups.count - 1 {
                guard let address = NetworkAddress.ipv4(group) else { return nil }
                bytes += address.bytes
            } else {
                guard (1...4).contains(group.utf8.count), group.allSatisfy(\.isHexDigit),
                    let value = UInt16(group, radix: 16)
                else { return nil }
                bytes += [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
            }
        }
        return bytes.count <= 16 ? bytes : nil
    }
}
