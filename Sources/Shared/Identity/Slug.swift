/// A name that a deployment gives to a provider, model, group, user, project or environment.
///
/// One to 63 characters of `a-z`, `0-9` and `-`, the first not a `-`. It holds no `_`, so that slugs can be
/// joined with `_` in a caller token and taken apart again.
package struct Slug: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let text: String

    /// Nil when the text is no slug.
    package init?(_ text: String) {
        // Two initialisers instead of a generic one, which other modules would run unspecialised.
        let bytes = text.utf8
        guard (1...63).contains(bytes.count), bytes.first != UInt8(ascii: "-"), bytes.allSatisfy(Slug.allows) else {
            return nil
        }
        self.text = text
    }

    /// Nil when the text is no slug.
    package init?(_ text: Substring) {
        self.init(String(text))
    }

    /// What a slug looks like, for error messages.
    package static let grammar = "[a-z0-9][a-z0-9-]{0,62}"

    package var description: String { self.text }

    package static func < (left: Slug, right: Slug) -> Bool { left.text < right.text }

    private static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
