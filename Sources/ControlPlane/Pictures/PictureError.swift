/// Why there is no picture.
package enum PictureError: Error, Hashable, Sendable {
    /// The font at this path cannot be read: the package fonts-dejavu-core is missing.
    case noFont(String)
    /// No memory for it.
    case noImage
}
