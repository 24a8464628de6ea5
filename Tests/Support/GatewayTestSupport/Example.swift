package import Identity

/// Names for examples; a text that is no name fails the test that wrote it.
package enum Example {
    /// A text in a test that is not what it should be.
    package struct Unfit: Error, CustomStringConvertible {
        let text: String

        package var description: String { "unfit for an example: \(self.text)" }
    }

    package static func slug(_ text: String) throws -> Slug {
        guard let slug = Slug(text) else { throw Unfit(text: text) }
        return slug
    }

    /// A well-formed token with a secret that is the same for the same seed.
    package static func token(_ id: TokenID, seed: UInt64 = 1) -> Secret {
        var generator = SeededGenerator(seed: seed)
        return CallerToken.issue(for: id) { generator.byte() }
    }
}
