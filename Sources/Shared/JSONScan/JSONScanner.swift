internal import CSimdjson
import Dialects
package import Wire

/// Checks a request body as strict JSON (RFC 8259, UTF-8) and finds the members of the object that it is.
///
/// It refuses a byte-order mark, text after the object, twin names in any object, nesting beyond 64 and every
/// deviation from the grammar, so that whoever reads the same bytes next reads the same members. Owner of the
/// working memory; one per event loop, reused for every request there. 215 KB take about 40 µs.
@safe package struct JSONScanner: ~Copyable {
    private let handle: OpaquePointer

    /// Arrays and objects that may be open at once; the same limit as that of `JSONReader`.
    package static let maximumDepth = 64

    /// Members of the top-level object; the longest request of the three dialects has some forty.
    package static let maximumMembers = 512

    /// Throws `outOfMemory`.
    package init() throws(JSONScanError) {
        guard let handle = unsafe csimdjson_scanner_create() else { throw JSONScanError(.outOfMemory, at: nil) }
        unsafe self.handle = handle
    }

    deinit {
        unsafe csimdjson_scanner_destroy(self.handle)
    }

    /// The members of the object that `bytes` are; nothing behind the bytes is read.
    package mutating func scan(_ bytes: Span<UInt8>) throws(JSONScanError) -> JSONOutline {
        let result = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe csimdjson_scan(
                self.handle,
                bytes.baseAddress,
                bytes.count,
                UInt32(JSONScanner.maximumDepth),
                UInt32(JSONScanner.maximumMembers)
            )
        }
        if let problem = JSONScanError.Problem(csimdjson_problem(rawValue: result.problem)) {
            throw JSONScanError(problem, at: result.offset == UInt32.max ? nil : Int(result.offset))
        }
        let members = unsafe UnsafeBufferPointer(
            start: csimdjson_members(self.handle),
            count: Int(result.member_count)
        )
        let names = unsafe UnsafeBufferPointer(start: csimdjson_names(self.handle), count: Int(result.names_count))
        let start = Int(result.object_start)
        return unsafe JSONOutline(
            objectRange: start..<max(start, Int(result.object_end)),
            members: members.map(JSONOutline.Member.init),
            names: Array(names),
            content: self.content(result.content)
        )
    }

    private func content(_ found: csimdjson_content) -> ContentOutline {
        var content = ContentOutline()
        func has(_ flag: csimdjson_flag) -> Bool { found.flags & flag.rawValue != 0 }
        content.tools = Int(found.tool_count)
        content.forcesTool = has(CSIMDJSON_FORCED_TOOL)
        content.parallelTools = has(CSIMDJSON_PARALLEL_TOOLS)
        content.toolResults = has(CSIMDJSON_TOOL_RESULTS)
        content.structuredOutput = has(CSIMDJSON_STRUCTURED_OUTPUT)
        content.reasoning = has(CSIMDJSON_REASONING) || has(CSIMDJSON_ADAPTIVE_REASONING)
        content.adaptiveReasoning = content.reasoning && !has(CSIMDJSON_REASONING)
        content.outputCap = has(CSIMDJSON_CAPPED) ? Int(found.output_cap) : nil
        content.audio = has(CSIMDJSON_AUDIO)
        content.video = has(CSIMDJSON_VIDEO)
        content.sealedReasoning = has(CSIMDJSON_SEALED)
        content.files = Int(found.file_count)
        content.fileBytes = Int(found.file_bytes)
        content.textBytes = max(0, Int(found.text_bytes) - Int(found.payload_bytes))
        content.imageCount = Int(found.image_count)
        content.inlineCount = min(content.imageCount, Int(found.inline_count))
        content.resultImageCount = min(content.imageCount, Int(found.result_image_count))
        content.linkCount = Int(found.link_count)
        if found.kept_count > 0 {
            let kept = unsafe UnsafeBufferPointer(
                start: csimdjson_images(self.handle),
                count: Int(found.kept_count)
            )
            let isLink = { (image: csimdjson_image) in image.kind == CSIMDJSON_IMAGE_NONE.rawValue }
            content.images = unsafe kept.filter { !isLink($0) }.map { ContentOutline.Image($0) }
            content.links = unsafe kept.filter(isLink).map { ContentOutline.Link($0) }
        }
        return content
    }

    /// The marks of the text that was scanned last, if it was right; none where there are more than `limit`, or the text
    /// was so large that the working memory for it was given back.
    package func marks(atMost limit: Int = .max) -> JSONMarks {
        var count = 0
        guard let positions = unsafe csimdjson_positions(self.handle, &count), count <= limit else {
            return JSONMarks()
        }
        return unsafe JSONMarks(Array(UnsafeBufferPointer(start: positions, count: count)))
    }

    /// Bytes of working memory held at this moment; after a scan at most a few MiB, however large the text was.
    package var footprint: Int { unsafe csimdjson_scanner_footprint(self.handle) }
}

extension JSONScanError.Problem {
    /// Nil for `CSIMDJSON_OK`.
    fileprivate init?(_ problem: csimdjson_problem) {
        switch problem {
        case CSIMDJSON_OK: return nil
        case CSIMDJSON_EMPTY: self = .empty
        case CSIMDJSON_UNEXPECTED_END: self = .unexpectedEnd
        case CSIMDJSON_TRAILING_BYTES: self = .trailingBytes
        case CSIMDJSON_BYTE_ORDER_MARK: self = .byteOrderMark
        case CSIMDJSON_NOT_AN_OBJECT: self = .notAnObject
        case CSIMDJSON_TOO_DEEP: self = .tooDeep
        case CSIMDJSON_TOO_MANY_MEMBERS: self = .tooManyMembers
        case CSIMDJSON_DUPLICATE_NAME: self = .duplicateName
        case CSIMDJSON_INVALID_ESCAPE: self = .invalidEscape
        case CSIMDJSON_CONTROL_CHARACTER: self = .controlCharacter
        case CSIMDJSON_INVALID_UTF8: self = .invalidUTF8
        case CSIMDJSON_INVALID_NUMBER: self = .invalidNumber
        case CSIMDJSON_INVALID_LITERAL: self = .invalidLiteral
        case CSIMDJSON_TOO_LARGE: self = .tooLarge
        case CSIMDJSON_OUT_OF_MEMORY: self = .outOfMemory
        default: self = .unexpectedByte
        }
    }
}
