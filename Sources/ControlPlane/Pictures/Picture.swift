/// A picture that shows a text.
package struct Picture: Hashable, Sendable {
    package let png: [UInt8]
    package let text: PictureText

    package init(png: [UInt8], text: PictureText) {
        self.png = png
        self.text = text
    }
}
