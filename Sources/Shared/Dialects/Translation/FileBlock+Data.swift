import Canonical
import Wire

extension FileBlock {
    /// Reads `file_data` as the OpenAI dialects have it: a data URL, or base64 alone.
    init(data text: JSONText, name: String?, at path: String) throws(TranslationRefusal) {
        guard !text.isEmpty else { throw TranslationRefusal(path, "must not be empty") }
        if let data = DataURL(text) {
            self.init(.inline(mediaType: data.mediaType, base64: data.base64), name: name)
            return
        }
        guard !text.hasPrefix("data:") else {
            throw TranslationRefusal(path, "must be base64 or a data URL in base64")
        }
        let isPDF = name?.lowercased().hasSuffix(".pdf") ?? false
        self.init(.inline(mediaType: isPDF ? "application/pdf" : "application/octet-stream", base64: text), name: name)
    }

    /// The name under which bytes are sent to dialects that want one.
    func wireName(of mediaType: String) -> String {
        self.name ?? (mediaType == "application/pdf" ? "document.pdf" : "document")
    }

    /// A document in plain text, as words of a message.
    func words(of content: JSONText) -> JSONText {
        self.name.map { "\($0):\n" + content } ?? content
    }
}
