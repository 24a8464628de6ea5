import Identity
import Testing

@Suite struct SlugTests {
    @Test(arguments: ["a", "0", "a-b", "a--b", "a-", "0-9", String(repeating: "z", count: 63)])
    func `a slug is read as it is`(text: String) {
        #expect(Slug(text)?.text == text)
        #expect(Slug(text[...])?.description == text)
    }

    @Test(arguments: [
        "", "-", "-a", "A", "a_b", "a b", "a.b", "a/b", "ä", "a\u{0}", "a\n", "\u{212a}", "а",
        String(repeating: "z", count: 64), "🙂", "a\u{301}", " a", "a ",
    ])
    func `what is no slug is refused`(text: String) {
        #expect(Slug(text) == nil)
    }

    @Test func `slugs sort by their text`() {
        let texts = ["b", "a-b", "ab", "a", "0"]
        #expect(texts.compactMap { Slug($0) }.sorted().map(\.text) == ["0", "a", "a-b", "ab", "b"])
    }
}
