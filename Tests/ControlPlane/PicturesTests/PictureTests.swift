import Foundation
import GatewayTestSupport
import Pictures
import SightTestSupport
import Testing

@Suite("Pictures")
struct PictureTests {
    /// How many are read; more with the environment variable `GATEWAY_TEST_PICTURES`.
    private static let count = ProcessInfo.processInfo.environment["GATEWAY_TEST_PICTURES"].flatMap(Int.init) ?? 36

    @Test("an OCR engine reads at least 95 % of them")
    func legible() async throws {
        var generator = SeededGenerator(seed: 20_261_126)
        var pictures: [Picture] = []
        for _ in 0..<PictureTests.count { pictures.append(try Painter().draw(using: &generator)) }
        let misread = await withTaskGroup(of: (String, String)?.self) { group in
            for picture in pictures {
                group.addTask {
                    let read = Tesseract.read(picture.png)
                    let seen = String(read.filter { $0.isLetter || $0.isNumber }).uppercased()
                    return seen == picture.text.tokens.joined() ? nil : (picture.text.lines.description, read)
                }
            }
            return await group.reduce(into: [(String, String)]()) { all, one in if let one { all.append(one) } }
        }
        #expect(misread.count * 20 <= pictures.count, "\(misread)")
    }

    @Test("no two show the same text")
    func distinct() {
        var generator = SeededGenerator(seed: 7)
        var seen: Set<PictureText> = []
        for _ in 0..<10_000 { seen.insert(PictureText(using: &generator)) }
        #expect(seen.count == 10_000)
    }

    @Test("the same text is never drawn the same way twice")
    func varied() throws {
        var generator = SeededGenerator(seed: 3)
        let text = PictureText(using: &generator)
        var drawn: Set<[UInt8]> = []
        for _ in 0..<20 { drawn.insert(try Painter().draw(text, using: &generator)) }
        #expect(drawn.count == 20)
        #expect(drawn.allSatisfy { $0.starts(with: [0x89, 0x50, 0x4e, 0x47]) && $0.count < 512 * 1024 })
    }

    @Test("a missing font is told")
    func noFont() {
        var generator = SeededGenerator(seed: 1)
        #expect(throws: PictureError.self) { try Painter(fontFolder: "/nowhere").draw(using: &generator) }
    }
}
