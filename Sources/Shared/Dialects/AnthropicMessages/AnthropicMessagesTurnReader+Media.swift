import Canonical
import Wire

extension AnthropicMessagesTurnReader {
    /// An image, a document or a search result, in a turn or in a tool's result.
    mutating func media(_ fields: inout RequestFields, _ type: String) throws(TranslationRefusal) -> [Block] {
        let blocks =
            switch type {
            case "image": [try self.image(&fields)]
            case "document": try self.document(&fields)
            default: [try self.searchResult(&fields)]
            }
        self.losses.dropUnread(of: fields)
        return blocks
    }

    private mutating func image(_ fields: inout RequestFields) throws(TranslationRefusal) -> Block {
        guard var source = try fields.fields("source") else { throw fields.missing("source") }
        let cacheControl = fields.value("cache_control")
        switch try source.requiredString("type") {
        case "base64":
            let type = try source.requiredString("media_type")
            guard ImageBlock.mediaTypes.contains(type) else {
                throw TranslationRefusal(source.path(of: "media_type"), "must be a PNG, JPEG, GIF or WebP image")
            }
            let data = try AnthropicMessagesTurnReader.data(&source)
            return .image(ImageBlock(.inline(mediaType: type, base64: data), cacheControl: cacheControl))
        case "url":
            return .image(ImageBlock(.url(try AnthropicMessagesTurnReader.url(&source)), cacheControl: cacheControl))
        case "file": throw AnthropicMessagesTurnReader.fileOfProvider(source)
        default: throw TranslationRefusal(source.path(of: "type"), "must be `base64` or `url`")
        }
    }

    private mutating func document(_ fields: inout RequestFields) throws(TranslationRefusal) -> [Block] {
        guard var source = try fields.fields("source") else { throw fields.missing("source") }
        let cacheControl = fields.value("cache_control")
        let title = try fields.string("title")
        if let citations = fields.value("citations"), citations["enabled"] == true {
            self.losses.drop("\(fields.memberPath).citations")
        }
        var before: [Block] = []
        if let context = try fields.text("context"), !context.isEmpty {
            self.losses.approximate("\(fields.memberPath).context")
            before = [.text(TextBlock("About the document that follows: " + context))]
        }
        func file(_ source: FileBlock.Source) -> Block {
            .file(FileBlock(source, name: title, cacheControl: cacheControl))
        }
        switch try source.requiredString("type") {
        case "base64":
            let type = try source.requiredString("media_type")
            let data = try AnthropicMessagesTurnReader.data(&source)
            return before + [file(.inline(mediaType: type, base64: data))]
        case "text":
            let text = try source.requiredText("data")
            return before + [file(.text(text))]
        case "url": return before + [file(.url(try AnthropicMessagesTurnReader.url(&source)))]
        case "content":
            if let title { before.append(.text(TextBlock("Document: \(title)"))) }
            var blocks = before + (try self.documentContent(&source))
            if let cacheControl { blocks = AnthropicMessagesTurnReader.blocks(blocks, endingWith: cacheControl) }
            return blocks
        case "file": throw AnthropicMessagesTurnReader.fileOfProvider(source)
        default: throw TranslationRefusal(source.path(of: "type"), "must be `base64`, `text`, `url` or `content`")
        }
    }

    /// A document in blocks of its own is told as those blocks.
    private mutating func documentContent(_ source: inout RequestFields) throws(TranslationRefusal) -> [Block] {
        let value = source.value("content")
        if case .string(let text) = value { return [.text(TextBlock(text))] }
        guard case .array(let elements) = value else {
            throw TranslationRefusal(source.path(of: "content"), "must be a string or an array of blocks")
        }
        var blocks: [Block] = []
        for (index, element) in elements.enumerated() {
            var fields = try RequestFields(element, in: source, "content", index)
            switch try fields.requiredString("type") {
            case "text": blocks.append(.text(try self.text(&fields)))
            case "image": blocks += try self.media(&fields, "image")
            default: throw fields.unsupported("type", "must be `text` or `image` in a document")
            }
        }
        return blocks
    }

    private static func blocks(_ blocks: [Block], endingWith cacheControl: JSONValue) -> [Block] {
        switch blocks.last {
        case .text(var text):
            text.cacheControl = cacheControl
            return blocks.dropLast() + [.text(text)]
        case .image(var image):
            image.cacheControl = cacheControl
            return blocks.dropLast() + [.image(image)]
        case .file, .reasoning, .toolCall, .toolResult, .refusal, .hosted, nil: return blocks
        }
    }

    /// What a caller's own search found, as text: no other dialect has a form for it.
    private mutating func searchResult(_ fields: inout RequestFields) throws(TranslationRefusal) -> Block {
        let title = try fields.requiredString("title")
        let source = try fields.requiredString("source")
        var texts: [JSONText] = ["Search result: \(title)\nSource: \(source)"]
        for (index, element) in (try fields.array("content") ?? []).enumerated() {
            var inner = try RequestFields(element, in: fields, "content", index)
            guard try inner.requiredString("type") == "text" else {
                throw inner.unsupported("type", "must be `text` in a search result")
            }
            texts.append(try self.text(&inner).text)
        }
        if let citations = fields.value("citations"), citations["enabled"] == true {
            self.losses.drop("\(fields.memberPath).citations")
        }
        self.losses.approximate("\(fields.memberPath).search_result")
        return .text(TextBlock(texts.joined(separator: "\n\n"), cacheControl: fields.value("cache_control")))
    }

    private static func data(_ source: inout RequestFields) throws(TranslationRefusal) -> JSONText {
        let data = try source.requiredText("data")
        guard !data.isEmpty else { throw TranslationRefusal(source.path(of: "data"), "must not be empty") }
        return data
    }

    private static func url(_ source: inout RequestFields) throws(TranslationRefusal) -> String {
        let url = try source.requiredString("url")
        guard ImageBlock.Source.isOfServer(url) else {
            throw TranslationRefusal(source.path(of: "url"), "must be an http or https URL")
        }
        return url
    }

    private static func fileOfProvider(_ source: RequestFields) -> TranslationRefusal {
        source.unsupported("file_id", "names a file of another provider; send its data instead")
    }
}
