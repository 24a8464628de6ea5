/// A caller token whose form and checksum are right: `rtr_metrum_<user>_<project>_<env>_<key>_<secret>`.
///
/// The secret is 43 base62 digits (256 bits) and 6 more that hold the CRC-32 of all before them, so that a
/// mistyped token is refused without a look-up and a leaked one is recognised offline. At most 512 bytes.
/// Being well-formed says nothing about being known: that is decided by the record under `id`.
package struct CallerToken: Sendable {
    /// Everything before the secret, exactly as presented.
    package let id: String
    /// The whole token as presented.
    package let secret: Secret

    package static let prefix = "rtr_"
    package static let entropyDigits = 43
    package static let checksumDigits = 6
    package static let maximumByteCount = 512

    /// Nil when the text is no caller token or its checksum is wrong.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        let secretDigits = CallerToken.entropyDigits + CallerToken.checksumDigits
        guard bytes.count <= CallerToken.maximumByteCount, bytes.count > secretDigits + 1 else { return nil }
        let separator = bytes.count - secretDigits - 1
        guard bytes[separator] == UInt8(ascii: "_"), bytes[(separator + 1)...].allSatisfy(Base62.allows) else {
            return nil
        }
        guard bytes.starts(with: CallerToken.prefix.utf8) else { return nil }
        let checked = bytes.count - CallerToken.checksumDigits
        let checksum = Base62.encode(CRC32.checksum(of: bytes[..<checked]), width: CallerToken.checksumDigits)
        guard bytes[checked...].elementsEqual(checksum) else { return nil }
        self.id = String(decoding: bytes[..<separator], as: UTF8.self)
        self.secret = Secret(text)
    }

    /// A new token for `id`; `randomByte` must be cryptographically random.
    package static func issue(for id: TokenID, randomByte: () -> UInt8) -> Secret {
        var text = "\(id.text)_\(Base62.random(count: CallerToken.entropyDigits, next: randomByte))"
        let checksum = Base62.encode(CRC32.checksum(of: text.utf8), width: CallerToken.checksumDigits)
        text += String(decoding: checksum, as: UTF8.self)
        return Secret(text)
    }
}
