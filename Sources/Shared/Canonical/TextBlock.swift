package import Wire

/// Text, with what a dialect hangs on it.
package struct TextBlock: Hashable, Sendable {
    package var text: JSONText
    /// A prompt-cache breakpoint of Messages behind this block, as it was written.
    package var cacheControl: JSONValue?
    /// Citations in Responses' form (`url_citation`); of an answer only.
    package var annotations: [JSONValue]

    package init(_ text: JSONText, cacheControl: JSONValue? = nil, annotations: [JSONValue] = []) {
        self.text = text
        self.cacheControl = cacheControl
        self.annotations = annotations
    }

    package init(_ text: String) { self.init(JSONText(text)) }
}
