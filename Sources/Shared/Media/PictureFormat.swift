/// The file formats of images that all dialects take.
package enum PictureFormat: String, Hashable, Sendable, CaseIterable {
    case png = "PNG"
    case jpeg = "JPEG"
    case gif = "GIF"
    case webP = "WebP"

    /// Their media types, as refusals name them.
    package static let mediaTypes = "image/png, image/jpeg, image/gif or image/webp"

    /// The format of a media type in any case; nil for every other.
    ///
    /// `image/jpg` is no type, but many clients write it and providers know what is meant.
    package init?(mediaType: String) {
        switch mediaType.lowercased() {
        case "image/png": self = .png
        case "image/jpeg", "image/jpg": self = .jpeg
        case "image/gif": self = .gif
        case "image/webp": self = .webP
        default: return nil
        }
    }

    /// The format that the first bytes of a file are of; 12 tell.
    package init?(beginning bytes: [UInt8]) {
        func holds(_ expected: [UInt8], at offset: Int = 0) -> Bool {
            bytes.dropFirst(offset).prefix(expected.count).elementsEqual(expected)
        }
        if holds([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
            self = .png
        } else if holds([0xff, 0xd8, 0xff]) {
            self = .jpeg
        } else if holds(Array("GIF87a".utf8)) || holds(Array("GIF89a".utf8)) {
            self = .gif
        } else if holds(Array("RIFF".utf8)), holds(Array("WEBP".utf8), at: 8) {
            self = .webP
        } else {
            return nil
        }
    }
}
