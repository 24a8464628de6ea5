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
            let part = try RequestFields(part, in: fields, "content", index)
            blocks.append(try OpenAIChat.block(part, allowing: kinds))
        }
        return blocks
    }

    private static func block(
        _ part: RequestFields,
        allowing kinds: PartKinds
    ) throws(TranslationRefusal) -> Block {
        var fields = part
        let type = try fields.requiredString("type")
        let cacheControl = fields.value("cache_control")
        switch type {
        case "text": return .text(TextBlock(try fields.requiredText("text"), cacheControl: cacheControl))
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
            return ImageBlock(try ImageBlock.Source(address: url, at: fields.path(of: "image_url")))
        }
        guard var image = try fields.fields("image_url") else { throw fields.missing("image_url") }
        let url = try image.requiredText("url")
        return ImageBlock(
            try ImageBlock.Source(address: url, at: image.path(of: "url")),
            detail: try image.string("detail")
        )
    }

    private static func file(_ fields: inout RequestFields) throws(TranslationRefusal) -> FileBlock {
        guard var file = try fields.fields("file") else { throw fields.missing("file") }
        if file.value("file_id") != nil {
            throw file.unsupported("file_id", "names a file of another provider; send its data instead")
        }
        let name = try file.string("filename")
        let text = try file.requiredText("file_data")
        return try FileBlock(data: text, name: name, at: file.path(of: "file_data"))
    }
}
