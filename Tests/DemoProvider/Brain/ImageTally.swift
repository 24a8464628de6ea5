/// The pictures of a request: how many there are and how they were sent, never what they show.
struct ImageTally: Hashable, Sendable {
    /// The media type of each inline picture, `url` or `file` for the others.
    private(set) var kinds: [String] = []
    /// The characters that inline pictures take in the body.
    private(set) var inlineBytes = 0

    var count: Int { self.kinds.count }

    /// A picture given as `data:image/png;base64,…` or as an address.
    mutating func add(url: String) {
        guard url.hasPrefix("data:") else {
            self.kinds.append("url")
            return
        }
        let mediaType = url.dropFirst(5).prefix { $0 != ";" && $0 != "," }
        self.add(mediaType: String(mediaType), base64Count: url.utf8.count)
    }

    mutating func add(mediaType: String, base64Count: Int) {
        self.kinds.append(String(mediaType.prefix(64)))
        self.inlineBytes += base64Count
    }

    /// A picture that was uploaded before and is named by its id.
    mutating func addFile() { self.kinds.append("file") }

    /// `2 images: image/png, url`.
    var description: String {
        "\(self.count) \(self.count == 1 ? "image" : "images"): \(self.kinds.prefix(20).joined(separator: ", "))"
    }
}
