package import Identity

/// A target that may serve a request, and the dialect in which it would be asked.
package struct Candidate: Sendable {
    package let target: Target
    package let dialect: Dialect
    /// Whether it serves the request without something that another might have: reasoning, a schema of its own,
    /// several calls at a time.
    package let makesDo: Bool

    package init(target: Target, dialect: Dialect, makesDo: Bool = false) {
        self.target = target
        self.dialect = dialect
        self.makesDo = makesDo
    }
}
