package import Catalog

/// A part of a list, and where the list goes on.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    /// Nil at the end.
    package let next: PageCursor?

    /// How many items a page may have.
    package static var limitRange: ClosedRange<Int> { 1...500 }

    /// The page of `items`, of which one more than `limit` were read to see whether there are more.
    init(reading items: [Item], limit: Int, key: (Item) -> String) {
        let page = Array(items.prefix(limit))
        self.items = page
        self.next = items.count > limit ? page.last.map { PageCursor(lastKey: key($0)) } : nil
    }

    /// The page after `cursor` of everything, sorted by key.
    init<Key: Comparable>(
        of all: [Key: Item],
        after cursor: PageCursor?,
        limit: Int,
        text: (Key) -> String
    ) {
        // Compared as text, as the cursor is; keys of one kind sort alike either way.
        let sorted = all.map { (text: text($0.key), item: $0.value) }.sorted { $0.text < $1.text }
        let rest = sorted.drop { entry in cursor.map { entry.text <= $0.lastKey } ?? false }
        let page = rest.prefix(limit)
        self.items = page.map(\.item)
        self.next = rest.count > limit ? page.last.map { PageCursor(lastKey: $0.text) } : nil
    }
}
