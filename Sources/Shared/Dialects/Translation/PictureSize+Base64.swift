import Media
import Wire

extension PictureSize {
    /// Nil for what is no PNG, GIF, JPEG or WebP whose size stands in its beginning.
    init?(base64: JSONText) {
        guard let bytes = Base64.decode(base64.beginning(PictureSize.examinedBytes / 3 * 4)) else { return nil }
        self.init(bytes)
    }
}
