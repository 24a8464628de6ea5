package import Canonical

/// A picture as a request carries it, and what it says.
package struct ProbePicture: Hashable, Sendable {
    package let source: ImageBlock.Source
    /// Upper-case words and groups of digits, in the order in which they are read.
    package let tokens: [String]

    package init(_ source: ImageBlock.Source, tokens: [String]) {
        self.source = source
        self.tokens = tokens
    }
}
