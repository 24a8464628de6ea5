import CGd

/// The owner of one libgd image.
@safe
struct Canvas: ~Copyable {
    /// Red, green and blue, each 0 to 255.
    struct Color: Hashable, Sendable {
        var red: UInt8
        var green: UInt8
        var blue: UInt8

        fileprivate var value: Int32 { Int32(self.red) << 16 | Int32(self.green) << 8 | Int32(self.blue) }
    }

    private let raw: gdImagePtr
    let width: Int
    let height: Int

    /// Throws when there is no memory for it.
    init(width: Int, height: Int, background: Color) throws(PictureError) {
        guard (1...4096).contains(width), (1...4096).contains(height),
            let raw = unsafe gdImageCreateTrueColor(Int32(width), Int32(height))
        else { throw .noImage }
        unsafe self.raw = raw
        self.width = width
        self.height = height
        unsafe gdImageFilledRectangle(raw, 0, 0, Int32(width) - 1, Int32(height) - 1, background.value)
    }

    deinit { unsafe gdImageDestroy(self.raw) }

    /// What lies outside is not drawn.
    func dot(x: Int, y: Int, _ color: Color) {
        guard let x = Int32(exactly: x), let y = Int32(exactly: y) else { return }
        unsafe gdImageSetPixel(self.raw, x, y, color.value)
    }

    func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int), _ color: Color) {
        guard let x1 = Int32(exactly: start.x), let y1 = Int32(exactly: start.y), let x2 = Int32(exactly: end.x),
            let y2 = Int32(exactly: end.y)
        else { return }
        unsafe gdImageLine(self.raw, x1, y1, x2, y2, color.value)
    }

    /// Writes text whose base line begins at `x`, `y` and rises by `angle` radians.
    func write(_ text: String, font: String, points: Double, angle: Double, x: Int, y: Int, _ color: Color)
        throws(PictureError)
    {
        guard let x = Int32(exactly: x), let y = Int32(exactly: y) else { throw .noImage }
        var corners: [Int32] = Array(repeating: 0, count: 8)
        let problem = unsafe gdImageStringFT(self.raw, &corners, color.value, font, points, angle, x, y, text)
        guard unsafe problem == nil else { throw .noFont(font) }
    }

    /// The bytes of the picture as PNG.
    func png() throws(PictureError) -> [UInt8] {
        var size: Int32 = 0
        guard let bytes = unsafe gdImagePngPtr(self.raw, &size) else { throw .noImage }
        defer { unsafe gdFree(bytes) }
        return unsafe Array(UnsafeRawBufferPointer(start: bytes, count: max(0, Int(size))))
    }

    /// How much room text takes that is written level: pixels to the right of where it begins, and above.
    static func extent(of text: String, font: String, points: Double) throws(PictureError) -> (width: Int, height: Int)
    {
        var corners: [Int32] = Array(repeating: 0, count: 8)
        let problem = unsafe gdImageStringFT(nil, &corners, 0, font, points, 0, 0, 0, text)
        guard unsafe problem == nil else { throw .noFont(font) }
        return (Int(corners[2]), -Int(corners[5]))
    }
}
