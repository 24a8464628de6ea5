/// A `data:` URL with bytes in base64.
struct DataURL: Hashable, Sendable {
    /// In lower case and without parameters.
    var mediaType: String
    var base64: String

    init(mediaType: String, base64: String) {
        self.mediaType = mediaType
        self.base64 = base64
    }

    /// Nil for any other text.
    init?(_ url: String) {
        guard url.utf8.prefix(5).map({ $0 | 0x20 }).elementsEqual("data:".utf8) else { return nil }
        // No media type is longer, and what has no comma there is not searched to its end.
        guard let comma = url.utf8.prefix(256).firstIndex(of: UInt8(ascii: ",")) else { return nil }
        let header = url[..<comma].dropFirst(5).lowercased().split(separator: ";", omittingEmptySubsequences: false)
        guard header.count > 1, header.last == "base64", let mediaType = header.first else { return nil }
        let base64 = url[url.utf8.index(after: comma)...]
        guard !mediaType.isEmpty, !base64.isEmpty else { return nil }
        self.mediaType = mediaType == "image/jpg" ? "image/jpeg" : String(mediaType)
        self.base64 = String(base64)
    }

    var text: String { "data:\(self.mediaType);base64,\(self.base64)" }
}
