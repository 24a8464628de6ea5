import Wire

/// A `data:` URL with bytes in base64.
struct DataURL: Hashable, Sendable {
    /// In lower case and without parameters.
    var mediaType: String
    var base64: JSONText

    init(mediaType: String, base64: JSONText) {
        self.mediaType = mediaType
        self.base64 = base64
    }

    /// Nil for any other text.
    init?(_ url: JSONText) {
        guard url.beginning(5).utf8.map({ $0 | 0x20 }).elementsEqual("data:".utf8) else { return nil }
        // No media type is longer, and what has no comma there is not searched to its end.
        guard let (head, base64) = url.split(atFirst: ",", within: 256) else { return nil }
        let header = head.dropFirst(5).lowercased().split(separator: ";", omittingEmptySubsequences: false)
        guard header.count > 1, header.last == "base64", let mediaType = header.first else { return nil }
        guard !mediaType.isEmpty, !base64.isEmpty else { return nil }
        self.mediaType = mediaType == "image/jpg" ? "image/jpeg" : String(mediaType)
        self.base64 = base64
    }

    var text: JSONText { "data:\(self.mediaType);base64," + self.base64 }
}
