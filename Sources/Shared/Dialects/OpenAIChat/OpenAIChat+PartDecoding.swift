import Canonical
import Wire

extension OpenAIChat {
    /// Which parts besides text a message's content may have.
    struct PartKinds: OptionSet, Sendable {
        let rawValue: UInt8

        static let images = PartKinds(rawValue: 1)
        static let files = PartKinds(rawValue: 2)
        static let refusals = PartKinds(rawValue: 4)
    }

    /// Content that is a text or a list of parts; nil when it is missing.
    static func content(
        _ fields: inout RequestFields,
        allowing kinds: PartKinds
    ) throws(TranslationRefusal) -> [Block]? {
        guard let value = fields.value("content") else { return nil }
        if case .string(let text) = value { return [.text(TextBlock(text))] }
        guard case .array(let parts) = value else {
            throw fields.wrong("content", "a string or an array of parts", value)
        }
        var blocks: [Block] = []
        for (index, part) in parts.enumerated() {
            blocks.append(try OpenAIChat.block(part, at: "\(fields.path(of: "content"))[\(index)]", allowing: kinds))
        }
        return blocks
    }

    private static func block(
        _ part: JSONValue,
        at path: String,
        allowing kinds: PartKinds
    ) throws(TranslationRefusal) -> Block {
        var fields = try RequestFields(part, at: path)
        let type = try fields.requiredString("type")
        let cacheControl = fields.value("cache_control")
        switch type {
        case "text": return .text(TextBlock(try fields.requiredString("text"), cacheControl: cacheControl))
        case "refusal" where kinds.contains(.refusals): return .refusal(try fields.requiredString("refusal"))
        case "image_url" where kinds.contains(.images):
            var image = try OpenAIChat.image(&fields)
            image.cacheControl = cacheControl
            return .image(image)
        case "file" where kinds.contains(.files):
            var file = try OpenAIChat.file(&fields)
            file.cacheControl = cacheControl
            return .file(file)
        case "refusal", "image_url", "file":
            throw TranslationRefusal(fields.path(of: "type"), "parts of this type cannot stand in this message")
        case "input_audio": throw fields.unsupported("type", "audio is not supported")
        default: throw fields.unsupported("type", "parts of this type are not supported")
        }
    }

    private static func image(_ fields: inout RequestFields) throws(TranslationRefusal) -> ImageBlock {
        // Some clients write the address alone.
        if case .string(let url) = fields.value("image_url") {
            return ImageBlock(try OpenAIChat.imageSource(url, at: fields.path(of: "image_url")))
        }
        guard var image = try fields.fields("image_url") else { throw fields.missing("image_url") }
        let url = try image.requiredString("url")
        return ImageBlock(
            try OpenAIChat.imageSource(url, at: image.path(of: "url")),
            detail: try image.string("detail")
        )
    }

    private static func imageSource(
        _ url: String,
        at path: String
    ) throws(TranslationRefusal) -> ImageBlock.Source {
        let scheme = url.utf8.prefix(8).map { $0 | 0x20 }
        if scheme.starts(with: "http://".utf8) || scheme.starts(with: "https://".utf8) { return .url(url) }
        guard let data = OpenAIChat.dataURL(url) else {
            throw TranslationRefusal(path, "must be an http or https URL, or a data URL in base64")
        }
        guard OpenAIChat.imageTypes.contains(data.mediaType) else {
            throw TranslationRefusal(path, "must be a PNG, JPEG, GIF or WebP image")
        }
        return .inline(mediaType: data.mediaType, base64: data.base64)
    }

    private static func file(_ fields: inout RequestFields) throws(TranslationRefusal) -> FileBlock {
        guard var file = try fields.fields("file") else { throw fields.missing("file") }
        if file.value("file_id") != nil {
            throw file.unsupported("file_id", "names a file of another provider; send its data instead")
        }
        let name = try file.string("filename")
        let text = try file.requiredString("file_data")
        guard !text.isEmpty else { throw TranslationRefusal(file.path(of: "file_data"), "must not be empty") }
        if let data = OpenAIChat.dataURL(text) {
            return FileBlock(.inline(mediaType: data.mediaType, base64: data.base64), name: name)
        }
        guard !text.utf8.prefix(5).elementsEqual("data:".utf8) else {
            throw TranslationRefusal(file.path(of: "file_data"), "must be base64 or a data URL in base64")
        }
        let isPDF = name?.lowercased().hasSuffix(".pdf") ?? false
        return FileBlock(
            .inline(mediaType: isPDF ? "application/pdf" : "application/octet-stream", base64: text),
            name: name
        )
    }

    /// The media type, without parameters, and the base64 of a `data:` URL; nil for any other text.
    static func dataURL(_ url: String) -> (mediaType: String, base64: String)? {
        guard url.utf8.prefix(5).map({ $0 | 0x20 }).elementsEqual("data:".utf8) else { return nil }
        // No media type is longer, and what has no comma there is not searched to its end.
        guard let comma = url.utf8.prefix(256).firstIndex(of: UInt8(ascii: ",")) else { return nil }
        let header = url[..<comma].dropFirst(5).lowercased().split(separator: ";", omittingEmptySubsequences: false)
        guard header.count > 1, header.last == "base64", let mediaType = header.first else { return nil }
        let base64 = url[url.utf8.index(after: comma)...]
        guard !mediaType.isEmpty, !base64.isEmpty else { return nil }
        return (mediaType == "image/jpg" ? "image/jpeg" : String(mediaType), String(base64))
    }
}
