package import Canonical
package import Wire

extension ImageBlock {
    /// The media types of images that all dialects take.
    static let mediaTypes: Set<String> = ["image/png", "image/jpeg", "image/gif", "image/webp"]
}

extension ImageBlock.Source {
    /// Reads an address as the OpenAI dialects have it: of a server, or a data URL.
    init(address: JSONText, at path: String) throws(TranslationRefusal) {
        if ImageBlock.Source.isOfServer(address.beginning(ImageBlock.Source.longestScheme)) {
            self = .url(address.string)
            return
        }
        guard let data = DataURL(address) else {
            throw TranslationRefusal(path, "must be an http or https URL, or a data URL in base64")
        }
        guard ImageBlock.mediaTypes.contains(data.mediaType) else {
            throw TranslationRefusal(path, "must be a PNG, JPEG, GIF or WebP image")
        }
        self = .inline(mediaType: data.mediaType, base64: data.base64)
    }

    /// The source as one address.
    package var address: JSONText {
        switch self {
        case .url(let url): JSONText(url)
        case .inline(let mediaType, let base64): DataURL(mediaType: mediaType, base64: base64).text
        }
    }

    /// Characters of `https://`.
    private static let longestScheme = 8

    /// Whether an address has the scheme `http` or `https`.
    static func isOfServer(_ address: String) -> Bool {
        let scheme = address.utf8.prefix(ImageBlock.Source.longestScheme).map { $0 | 0x20 }
        return scheme.starts(with: "http://".utf8) || scheme.starts(with: "https://".utf8)
    }
}
