package import Wire

/// A document that goes with the request, bytes or text included.
package struct FileBlock: Hashable, Sendable {
    package enum Source: Hashable, Sendable {
        /// Bytes in base64 as the caller wrote them, with their media type, such as `application/pdf`.
        case inline(mediaType: String, base64: JSONText)
        case text(JSONText)
        case url(String)
    }

    package var source: Source
    package var name: String?
    package var cacheControl: JSONValue?

    package init(_ source: Source, name: String? = nil, cacheControl: JSONValue? = nil) {
        self.source = source
        self.name = name
        self.cacheControl = cacheControl
    }
}
