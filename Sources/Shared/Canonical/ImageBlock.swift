package import Wire

/// A picture, by reference or with its bytes.
package struct ImageBlock: Hashable, Sendable {
    package enum Source: Hashable, Sendable {
        /// An `http` or `https` URL; whoever serves the model fetches it.
        case url(String)
        /// Bytes in base64 as the caller wrote them, with their media type.
        case inline(mediaType: String, base64: JSONText)
    }

    package var source: Source
    /// OpenAI's `detail` as it was written; Messages has none.
    package var detail: String?
    package var cacheControl: JSONValue?

    package init(_ source: Source, detail: String? = nil, cacheControl: JSONValue? = nil) {
        self.source = source
        self.detail = detail
        self.cacheControl = cacheControl
    }
}
