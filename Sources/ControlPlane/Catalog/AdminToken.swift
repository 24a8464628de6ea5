package import Identity

/// An administrator's token whose form and checksum are right: `rta_<id>_<secret>`.
///
/// The secret is 43 base62 digits (256 bits) and 6 more that hold the CRC-32 of all before them, as in a caller
/// token. Being well-formed says nothing about being known.
package struct AdminToken: Sendable {
    package let id: Slug
    /// The whole token as presented.
    package let secret: Secret

    package static let prefix = "rta_"

    /// Nil when the text is no administrator's token or its checksum is wrong.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        let secretDigits = CallerToken.entropyDigits + CallerToken.checksumDigits
        guard bytes.count <= 128, bytes.count > AdminToken.prefix.utf8.count + secretDigits + 1,
            bytes.starts(with: AdminToken.prefix.utf8)
        else { return nil }
        let separator = bytes.count - secretDigits - 1
        guard bytes[separator] == UInt8(ascii: "_"), bytes[(separator + 1)...].allSatisfy(Base62.allows),
            let id = Slug(String(decoding: bytes[AdminToken.prefix.utf8.count..<separator], as: UTF8.self))
        else { return nil }
        let checked = bytes.count - CallerToken.checksumDigits
        guard bytes[checked...].elementsEqual(AdminToken.checksum(of: bytes[..<checked])) else { return nil }
        self.id = id
        self.secret = Secret(text)
    }

    /// A new token for `id`; `randomByte` must be cryptographically random.
    package static func issue(for id: Slug, randomByte: () -> UInt8) -> Secret {
        let text = "\(AdminToken.prefix)\(id)_\(Base62.random(count: CallerToken.entropyDigits, next: randomByte))"
        return Secret(text + String(decoding: AdminToken.checksum(of: text.utf8), as: UTF8.self))
    }

    private static func checksum(of bytes: some Sequence<UInt8>) -> [UInt8] {
        Base62.encode(CRC32.checksum(of: bytes), width: CallerToken.checksumDigits)
    }
}
