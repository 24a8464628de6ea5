/// The width and height of a picture, read from the beginning of its file.
package struct PictureSize: Hashable, Sendable {
    package let width: Int
    package let height: Int

    /// As many bytes of a file as are looked at: a JPEG can hold a preview of 64 KB before it tells its size.
    package static let examinedBytes = 96 * 1_024

    /// What a picture of unknown size costs, and the largest: providers scale larger ones down.
    package static let mostTokens = 1_600
    /// Every so many pixels of a picture are a token (Anthropic's rule; OpenAI's tiles are near it).
    private static let pixelsPerToken = 750

    /// What a model is estimated to take for a picture of this size.
    package var tokens: Int {
        let (pixels, isTooLarge) = self.width.multipliedReportingOverflow(by: self.height)
        guard !isTooLarge else { return PictureSize.mostTokens }
        return min(PictureSize.mostTokens, pixels / PictureSize.pixelsPerToken + 1)
    }

    /// Nil for what is no PNG, GIF, JPEG or WebP whose size stands in its beginning.
    package init?(_ bytes: [UInt8]) {
        let reader = BeginningOfFile(bytes: bytes)
        guard
            let size = PictureSize.png(reader) ?? PictureSize.gif(reader) ?? PictureSize.webP(reader)
                ?? PictureSize.jpeg(reader),
            size.width > 0, size.height > 0
        else { return nil }
        self.init(width: size.width, height: size.height)
    }

    private init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// ISO/IEC 15948 §11.2.2: the header is the first chunk.
    private static func png(_ file: BeginningOfFile) -> (width: Int, height: Int)? {
        guard file.holds([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], at: 0),
            let width = file.bigEndian(at: 16, count: 4), let height = file.bigEndian(at: 20, count: 4)
        else { return nil }
        return (width, height)
    }

    private static func gif(_ file: BeginningOfFile) -> (width: Int, height: Int)? {
        guard file.holds(Array("GIF8".utf8), at: 0),
            let width = file.littleEndian(at: 6, count: 2), let height = file.littleEndian(at: 8, count: 2)
        else { return nil }
        return (width, height)
    }

    /// The three kinds of WebP (RFC 9649 §2): lossy, lossless, extended.
    private static func webP(_ file: BeginningOfFile) -> (width: Int, height: Int)? {
        guard file.holds(Array("RIFF".utf8), at: 0), file.holds(Array("WEBP".utf8), at: 8) else { return nil }
        if file.holds(Array("VP8 ".utf8), at: 12) {
            guard let width = file.littleEndian(at: 26, count: 2), let height = file.littleEndian(at: 28, count: 2)
            else { return nil }
            return (width & 0x3fff, height & 0x3fff)
        }
        if file.holds(Array("VP8L".utf8), at: 12) {
            guard let bits = file.littleEndian(at: 21, count: 4) else { return nil }
            return (bits & 0x3fff + 1, bits >> 14 & 0x3fff + 1)
        }
        guard file.holds(Array("VP8X".utf8), at: 12), let width = file.littleEndian(at: 24, count: 3),
            let height = file.littleEndian(at: 27, count: 3)
        else { return nil }
        return (width + 1, height + 1)
    }

    /// ITU-T T.81 §B.2: markers up to the first frame header.
    private static func jpeg(_ file: BeginningOfFile) -> (width: Int, height: Int)? {
        guard file.holds([0xff, 0xd8], at: 0) else { return nil }
        var offset = 2
        while let byte = file.bigEndian(at: offset, count: 1) {
            guard byte == 0xff, let marker = file.bigEndian(at: offset + 1, count: 1) else { return nil }
            switch marker {
            case 0xff: offset += 1
            case 0x01, 0xd0...0xd8: offset += 2
            case 0xc0...0xc3, 0xc5...0xc7, 0xc9...0xcb, 0xcd...0xcf:
                guard let height = file.bigEndian(at: offset + 5, count: 2),
                    let width = file.bigEndian(at: offset + 7, count: 2)
                else { return nil }
                return (width, height)
            default:
                guard let length = file.bigEndian(at: offset + 2, count: 2), length >= 2 else { return nil }
                offset += 2 + length
            }
        }
        return nil
    }
}

/// Reads numbers at places that may lie behind the end.
private struct BeginningOfFile {
    let bytes: [UInt8]

    func holds(_ expected: [UInt8], at offset: Int) -> Bool {
        self.bytes.dropFirst(offset).prefix(expected.count).elementsEqual(expected)
    }

    func bigEndian(at offset: Int, count: Int) -> Int? {
        let part = self.bytes.dropFirst(offset).prefix(count)
        return part.count == count ? part.reduce(0) { $0 << 8 | Int($1) } : nil
    }

    func littleEndian(at offset: Int, count: Int) -> Int? {
        let part = self.bytes.dropFirst(offset).prefix(count)
        return part.count == count ? part.reversed().reduce(0) { $0 << 8 | Int($1) } : nil
    }
}
