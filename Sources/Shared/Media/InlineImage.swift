import Wire

/// An image whose bytes are in the request, as far as its beginning tells.
package struct InlineImage: Hashable, Sendable {
    package let format: PictureFormat
    /// Nil when it does not stand in the beginning.
    package let size: PictureSize?

    /// As large as any provider takes.
    package static let maximumBytes = 20 * 1024 * 1024

    /// What a model is estimated to take for it.
    package var tokens: Int { self.size?.tokens ?? PictureSize.mostTokens }

    /// Judges base64 without decoding more than its beginning; `mediaType` is what the request says that it is.
    package static func judge(
        _ base64: Span<UInt8>,
        mediaType: String
    ) -> Result<InlineImage, ImageProblem> {
        guard let declared = PictureFormat(mediaType: mediaType) else { return .failure(.mediaType) }
        // Before the look at each character.
        guard base64.count / 4 * 3 <= InlineImage.maximumBytes + 2 else { return .failure(.tooLarge) }
        guard let count = Base64Text.decodedCount(base64) else { return .failure(.notBase64) }
        guard count <= InlineImage.maximumBytes else { return .failure(.tooLarge) }
        let beginning = Base64Text.beginning(base64, count: 64)
        guard let format = PictureFormat(beginning: beginning) else { return .failure(.notAPicture) }
        guard format == declared else { return .failure(.otherFormat(format)) }
        let size =
            switch format {
            case .jpeg: PictureSize(Base64Text.beginning(base64, count: PictureSize.examinedBytes))
            case .png, .gif, .webP: PictureSize(beginning)
            }
        return .success(InlineImage(format: format, size: size))
    }
}
