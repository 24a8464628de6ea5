import Catalog
import Testing

struct PageCursorTests {
    @Test(arguments: ["a", "demo/large", "rtr_metrum_a_b_c_d", "ü~>?", "0"])
    func `a cursor comes back as the key it was made of`(key: String) {
        let text = PageCursor(lastKey: key).text
        #expect(PageCursor(text: text)?.lastKey == key)
        #expect(!text.contains { "+/=".contains($0) })
    }

    @Test(arguments: ["", "=", "a", "YQ==", "!!!!", "_w", "AA", "YQBi", "YQo"])
    func `what is no cursor is refused`(text: String) {
        #expect(PageCursor(text: text) == nil)
    }
}
