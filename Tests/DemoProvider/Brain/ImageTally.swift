/// The pictures of a request: how many there are, how they were sent, and where to look at them.
struct ImageTally: Hashable, Sendable {
    /// The media type of each inline picture, `url` or `file` for the others.
    private(set) var kinds: [String] = []
    private(set) var sources: [PictureSource] = []
    /// The places in `sources` of pictures in messages of Chat's tools, which not every model sees.
    private(set) var inResults: Set<Int> = []
    /// The characters that inline pictures take in the body.
    private(set) var inlineBytes = 0

    var count: Int { self.kinds.count }

    /// A picture given as `data:image/png;base64,…` or as an address.
    mutating func add(url: String, inResult: Bool = false) {
        if inResult { self.inResults.insert(self.sources.count) }
        guard url.hasPrefix("data:") else {
            self.kinds.append("url")
            self.sources.append(.url(url))
            return
        }
        let mediaType = url.dropFirst(5).prefix { $0 != ";" && $0 != "," }
        let data = url.firstRange(of: ";base64,").map { String(url[$0.upperBound...]) }
        self.add(mediaType: String(mediaType), base64: data ?? "")
    }

    mutating func add(mediaType: String, base64: String) {
        self.kinds.append(String(mediaType.prefix(64)))
        self.sources.append(.inline(base64))
        self.inlineBytes += base64.utf8.count
    }

    /// A picture that was uploaded before and is named by its id.
    mutating func addFile() {
        self.kinds.append("file")
        self.sources.append(.file)
    }

    /// `2 images: image/png, url`.
    var description: String {
        "\(self.count) \(self.count == 1 ? "image" : "images"): \(self.kinds.prefix(20).joined(separator: ", "))"
    }
}
