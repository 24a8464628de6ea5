package import Identity

/// A target that may serve a request, and the dialect in which it would be asked.
package struct Candidate: Sendable {
    package let target: Target
    package let dialect: Dialect

    package init(target: Target, dialect: Dialect) {
        self.target = target
        self.dialect = dialect
    }
}
