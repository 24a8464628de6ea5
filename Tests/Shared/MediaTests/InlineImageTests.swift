import Media
import Testing
import Wire

@Suite struct InlineImageTests {
    private static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = Array(bytes[start..<min(start + 3, bytes.count)])
            let word = (0..<3).reduce(0) { $0 << 8 | Int($1 < group.count ? group[$1] : 0) }
            for index in 0..<4 {
                text.append(index <= group.count ? alphabet[word >> (18 - 6 * index) & 63] : UInt8(ascii: "="))
            }
        }
        return text
    }

    private static func png(width: Int, height: Int, count: Int = 100) -> [UInt8] {
        let head: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13] + Array("IHDR".utf8)
        let size = [width, height].flatMap { value in (0..<4).map { UInt8(value >> (24 - 8 * $0) & 255) } }
        return head + size + [UInt8](repeating: 0xff, count: max(0, count - head.count - size.count))
    }

    private static func judge(_ bytes: [UInt8], _ type: String = "image/png") -> Result<InlineImage, ImageProblem> {
        InlineImage.judge(base64(bytes).span, mediaType: type)
    }

    @Test func `formats and sizes are read from the beginning`() throws {
        let png = try InlineImageTests.judge(InlineImageTests.png(width: 1000, height: 750)).get()
        #expect(png.format == .png)
        #expect(png.tokens == 1001)
        let large = try InlineImageTests.judge(InlineImageTests.png(width: 1 << 30, height: 1 << 30)).get()
        #expect(large.tokens == PictureSize.mostTokens)
        let gif = try InlineImageTests.judge(Array("GIF89a".utf8) + [10, 0, 20, 0, 0, 0], "image/gif").get()
        #expect(gif.size?.height == 20)
        let segment: [UInt8] = [0xff, 0xe1, 0xff, 0xff] + [UInt8](repeating: 7, count: 65_533)
        let frame: [UInt8] = [0xff, 0xc0, 0, 17, 8, 0, 100, 1, 0, 3]
        for type in ["image/jpeg", "IMAGE/JPG"] {
            let jpeg = try InlineImageTests.judge([0xff, 0xd8] + segment + frame, type).get()
            #expect(jpeg.size?.width == 256)
            #expect(jpeg.size?.height == 100)
        }
        let webP = try InlineImageTests.judge(
            Array("RIFF\0\0\0\0WEBPVP8X".utf8) + [10, 0, 0, 0, 0, 0, 0, 0, 99, 0, 0, 49, 0, 0],
            "image/webp"
        ).get()
        #expect(webP.size?.width == 100)
        #expect(webP.size?.height == 50)
        // A cut header is an image still: how large is not known.
        let cut = try InlineImageTests.judge([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).get()
        #expect(cut.size == nil)
        #expect(cut.tokens == PictureSize.mostTokens)
    }

    @Test func `what is no image, or another one, is refused`() {
        let png = InlineImageTests.png(width: 1, height: 1)
        #expect(InlineImageTests.judge(png, "image/gif") == .failure(.otherFormat(.png)))
        #expect(InlineImageTests.judge(png, "image/svg+xml") == .failure(.mediaType))
        #expect(InlineImageTests.judge(png, "") == .failure(.mediaType))
        #expect(InlineImageTests.judge(Array("<svg></svg>".utf8)) == .failure(.notAPicture))
        #expect(InlineImageTests.judge([]) == .failure(.notBase64))
    }

    @Test(arguments: [1, 2, 3, 30, 31, 32, 33, 63, 64, 100])
    func `a foreign character is found wherever it is`(_ count: Int) {
        let text = InlineImageTests.base64([UInt8](repeating: 0x5a, count: count))
        #expect(Base64Text.decodedCount(text.span) == count)
        #expect(Base64Text.beginning(text.span, count: count + 9) == [UInt8](repeating: 0x5a, count: count))
        for index in text.indices {
            for byte in Array("-_\n =\\@[`{:.*".utf8) + [0, 0x80, 0xff] where byte != text[index] {
                var changed = text
                changed[index] = byte
                // A padding that is one longer is a padding.
                if byte == UInt8(ascii: "="), index == text.count - 1 { continue }
                if byte == UInt8(ascii: "="), index == text.count - 2, text.last == byte { continue }
                #expect(Base64Text.decodedCount(changed.span) == nil)
            }
            let cut = Array(text[..<index])
            #expect(index % 4 == 0 && index > 0 || Base64Text.decodedCount(cut.span) == nil)
        }
        let all = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        #expect(Base64Text.decodedCount(all.span) == 48)
    }

    @Test func `more than 20 MiB are too many`() {
        let beginning = InlineImageTests.png(width: 1, height: 1, count: 30)
        func text(_ count: Int) -> [UInt8] {
            InlineImageTests.base64(beginning) + [UInt8](repeating: UInt8(ascii: "A"), count: (count - 30) / 3 * 4)
        }
        let limit = InlineImage.maximumBytes / 3 * 3
        #expect((try? InlineImage.judge(text(limit).span, mediaType: "image/png").get()) != nil)
        #expect(InlineImage.judge(text(limit + 3).span, mediaType: "image/png") == .failure(.tooLarge))
    }
}
