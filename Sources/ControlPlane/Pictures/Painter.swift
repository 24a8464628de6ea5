import CGd
import Synchronization

/// Draws pictures of random text: font, size, slant, colours and noise differ from one to the next.
package struct Painter: Sendable {
    private let fonts: [String]

    /// FreeType, which libgd keeps one cache of, is entered by one thread at a time.
    private static let turn = Mutex(false)

    /// Fonts of the Debian package fonts-dejavu-core, in its folder or another.
    package init(fontFolder: String = "/usr/share/fonts/truetype/dejavu") {
        let names = ["Sans", "Sans-Bold", "SansMono", "SansMono-Bold", "Serif", "Serif-Bold"]
        self.fonts = names.map { "\(fontFolder)/DejaVu\($0).ttf" }
    }

    /// A picture that nobody has seen before.
    package func draw(using generator: inout some RandomNumberGenerator) throws(PictureError) -> Picture {
        let text = PictureText(using: &generator)
        return Picture(png: try self.draw(text, using: &generator), text: text)
    }

    package func draw(
        _ text: PictureText,
        using generator: inout some RandomNumberGenerator
    ) throws(PictureError) -> [UInt8] {
        try Painter.turn.withLock { isPrepared throws(PictureError) in
            if !isPrepared { isPrepared = gdFontCacheSetup() == 0 }
            return try self.paint(text, using: &generator)
        }
    }

    private func paint(
        _ text: PictureText,
        using generator: inout some RandomNumberGenerator
    ) throws(PictureError) -> [UInt8] {
        let font = self.fonts.randomElement(using: &generator) ?? ""
        let points = Double.random(in: 26...40, using: &generator)
        let angle = Double.random(in: -0.03...0.03, using: &generator)
        let margin = Int.random(in: 30...60, using: &generator)
        var width = 0
        var height = 0
        for line in text.lines {
            let extent = try Canvas.extent(of: line, font: font, points: points)
            width = max(width, extent.width)
            height = max(height, extent.height)
        }
        // A slanted line ends higher or lower than it begins.
        let slope = Int(Double(width) * abs(angle)) + 1
        let leading = height * 2
        let canvas = try Canvas(
            width: width + 2 * margin,
            height: leading * text.lines.count + slope + 2 * margin,
            background: Painter.color(200...255, using: &generator)
        )
        Painter.disturb(canvas, using: &generator)
        let ink = Painter.color(0...90, using: &generator)
        for (index, line) in text.lines.enumerated() {
            let base = margin + height + index * leading + (angle > 0 ? slope : 0)
            try canvas.write(line, font: font, points: points, angle: angle, x: margin, y: base, ink)
        }
        return try canvas.png()
    }

    /// Faint lines and dots behind the text: no two pictures have the same bytes even where they show the same.
    private static func disturb(_ canvas: borrowing Canvas, using generator: inout some RandomNumberGenerator) {
        let width = canvas.width
        let height = canvas.height
        for _ in 0..<Int.random(in: 2...6, using: &generator) {
            let start = (Int.random(in: 0..<width, using: &generator), Int.random(in: 0..<height, using: &generator))
            let end = (Int.random(in: 0..<width, using: &generator), Int.random(in: 0..<height, using: &generator))
            canvas.line(from: start, to: end, Painter.color(185...225, using: &generator))
        }
        for _ in 0..<(width * height / Int.random(in: 60...200, using: &generator)) {
            let x = Int.random(in: 0..<width, using: &generator)
            let y = Int.random(in: 0..<height, using: &generator)
            canvas.dot(x: x, y: y, Painter.color(160...255, using: &generator))
        }
    }

    private static func color(
        _ range: ClosedRange<UInt8>,
        using generator: inout some RandomNumberGenerator
    ) -> Canvas.Color {
        Canvas.Color(
            red: .random(in: range, using: &generator),
            green: .random(in: range, using: &generator),
            blue: .random(in: range, using: &generator)
        )
    }
}
