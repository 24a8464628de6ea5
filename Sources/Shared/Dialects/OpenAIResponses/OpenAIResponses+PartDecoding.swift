import Canonical
import Wire

extension OpenAIResponses {
    /// The content of a message or the output of a tool: a text or a list of parts; nil when it is missing.
    static func content(
        _ fields: inout RequestFields,
        _ name: String,
        of role: Turn.Role,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> [Block]? {
        guard let value = fields.value(name) else { return nil }
        if case .string(let text) = value { return [.text(TextBlock(text))] }
        guard case .array(let parts) = value else {
            throw fields.wrong(name, "a string or an array of parts", value)
        }
        var blocks: [Block] = []
        for (index, part) in parts.enumerated() {
            let part = try RequestFields(part, in: fields, name, index)
            blocks.append(try OpenAIResponses.block(part, of: role, losses: &losses))
        }
        return blocks
    }

    private static func block(
        _ part: RequestFields,
        of role: Turn.Role,
        losses: inout LossReport
    ) throws(TranslationRefusal) -> Block {
        var fields = part
        let type = try fields.requiredString("type")
        switch type {
        // The last is Chat's name, which some clients mix in.
        case "input_text", "output_text", "text":
            let text = try fields.requiredText("text")
            if try fields.array("annotations")?.isEmpty == false { losses.drop("input.content.annotations") }
            return .text(TextBlock(text))
        case "refusal" where role == .assistant: return .refusal(try fields.requiredString("refusal"))
        case "input_image" where role == .user: return .image(try OpenAIResponses.image(&fields))
        case "input_file" where role == .user: return .file(try OpenAIResponses.file(&fields))
        case "refusal", "input_image", "input_file":
            throw TranslationRefusal(fields.path(of: "type"), "parts of this type cannot stand in this item")
        case "input_audio": throw fields.unsupported("type", "audio is not supported")
        default: throw fields.unsupported("type", "parts of this type are not supported")
        }
    }

    private static func image(_ fields: inout RequestFields) throws(TranslationRefusal) -> ImageBlock {
        let detail = try fields.string("detail")
        guard let url = try fields.text("image_url") else {
            guard fields.value("file_id") == nil else {
                throw fields.unsupported("file_id", "names a file of another provider; send its data instead")
            }
            throw fields.missing("image_url")
        }
        return ImageBlock(try ImageBlock.Source(address: url, at: fields.path(of: "image_url")), detail: detail)
    }

    private static func file(_ fields: inout RequestFields) throws(TranslationRefusal) -> FileBlock {
        let name = try fields.string("filename")
        if let url = try fields.string("file_url") { return FileBlock(.url(url), name: name) }
        guard let text = try fields.text("file_data") else {
            guard fields.value("file_id") == nil else {
                throw fields.unsupported("file_id", "names a file of another provider; send its data instead")
            }
            throw fields.missing("file_data")
        }
        return try FileBlock(data: text, name: name, at: fields.path(of: "file_data"))
    }
}
