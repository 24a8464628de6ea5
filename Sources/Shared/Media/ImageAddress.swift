package import Addresses

/// What the address of an image turns out to be, or that of anything else that a provider would fetch.
///
/// The router never follows it: it judges whether a provider may be sent there. Where readers of URLs disagree
/// (`https://a\@b`, `0x7f.1`, full-width letters) the address is refused, as the provider's reader is not ours.
package enum ImageAddress: Hashable, Sendable {
    /// A server, by a name that has yet to be looked up; in lower case, without a dot at its end.
    case name(String)
    /// A server, by its address.
    case address(NetworkAddress)
    /// A data URL, and where in the text its base64 begins.
    case data(mediaType: String, start: Int)

    /// Longer addresses of servers are none that a provider takes.
    package static let maximumURLBytes = 8 * 1024
    /// The longest head of a data URL that is looked at; no media type is longer.
    private static let maximumHeadBytes = 256

    package static func read(_ text: Span<UInt8>) -> Result<ImageAddress, ImageProblem> {
        guard let colon = ImageAddress.index(of: ":", in: text, before: 8) else { return .failure(.scheme) }
        switch ImageAddress.lowercased(text, 0..<colon) {
        case "data": return ImageAddress.readData(text, from: colon + 1)
        case "http", "https": return ImageAddress.readServer(text, from: colon + 1)
        default: return .failure(.scheme)
        }
    }

    /// RFC 2397, in base64 only.
    private static func readData(_ text: Span<UInt8>, from start: Int) -> Result<ImageAddress, ImageProblem> {
        guard let comma = ImageAddress.index(of: ",", in: text, from: start, before: start + maximumHeadBytes) else {
            return .failure(.scheme)
        }
        let head = ImageAddress.lowercased(text, start..<comma)
        let words = head.split(separator: ";", omittingEmptySubsequences: false)
        guard words.count > 1, words.last == "base64", let type = words.first else { return .failure(.scheme) }
        return .success(.data(mediaType: String(type), start: comma + 1))
    }

    private static func readServer(_ text: Span<UInt8>, from start: Int) -> Result<ImageAddress, ImageProblem> {
        guard text.count <= ImageAddress.maximumURLBytes, text.count > start + 2,
            text[start] == UInt8(ascii: "/"), text[start + 1] == UInt8(ascii: "/")
        else { return .failure(.malformedURL) }
        var end = text.count
        // Some readers end the authority at the first slash only: `http://a#@b` leads them to `b`.
        var isBeforePath = true
        var hasCredentials = false
        for index in start + 2..<text.count {
            switch text[index] {
            // Readers take the backslash for a slash or for a part of a name.
            case 0...0x20, 0x7f..., UInt8(ascii: "\\"): return .failure(.malformedURL)
            case UInt8(ascii: "/"):
                end = min(end, index)
                isBeforePath = false
            case UInt8(ascii: "?"), UInt8(ascii: "#"): end = min(end, index)
            case UInt8(ascii: "@"): if isBeforePath { hasCredentials = true }
            default: break
            }
        }
        guard !hasCredentials else { return .failure(.credentials) }
        return ImageAddress.readHost(ImageAddress.lowercased(text, start + 2..<end))
    }

    private static func readHost(_ authority: String) -> Result<ImageAddress, ImageProblem> {
        let host: Substring
        let port: Substring
        if authority.hasPrefix("[") {
            guard let bracket = authority.firstIndex(of: "]") else { return .failure(.malformedURL) }
            host = authority[...bracket]
            port = authority[authority.index(after: bracket)...]
        } else {
            let colon = authority.firstIndex(of: ":") ?? authority.endIndex
            host = authority[..<colon]
            port = authority[colon...]
        }
        guard ImageAddress.isPort(port) else { return .failure(.malformedURL) }
        guard host.hasPrefix("[") || ImageAddress.isName(host) else { return .failure(.malformedURL) }
        switch NetworkAddress.Host(String(host)) {
        case .malformed: return .failure(.disguisedAddress)
        case .address(let address): return .success(.address(address))
        case .name(let isLocal):
            guard !isLocal else { return .failure(.notPublic) }
            return .success(.name(String(host.hasSuffix(".") ? host.dropLast() : host)))
        }
    }

    /// A colon and a number, or nothing at all.
    private static func isPort(_ text: Substring) -> Bool {
        guard !text.isEmpty else { return true }
        let digits = text.dropFirst()
        return text.hasPrefix(":") && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
            && UInt16(digits).map { $0 > 0 } ?? false
    }

    /// Letters, digits, hyphens, underscores and dots (RFC 1123 §2.1, and what is out there); no `%`, which some
    /// readers decode.
    private static func isName(_ host: Substring) -> Bool {
        guard !host.isEmpty, host.utf8.count <= 254 else { return false }
        return host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
    }

    private static func index(
        of wanted: Unicode.Scalar,
        in text: Span<UInt8>,
        from start: Int = 0,
        before end: Int
    ) -> Int? {
        for index in start..<max(start, min(end, text.count)) where text[index] == UInt8(ascii: wanted) { return index }
        return nil
    }

    private static func lowercased(_ text: Span<UInt8>, _ range: Range<Int>) -> String {
        String(decoding: range.map { text[$0] }, as: UTF8.self).lowercased()
    }
}
