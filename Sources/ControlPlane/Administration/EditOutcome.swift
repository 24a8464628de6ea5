package import Catalog

/// What a write came to.
package struct EditOutcome<Answer: Sendable>: Sendable {
    package let answer: Answer
    package let changes: [ResourceChange]
    /// The snapshot that contains the change; nil before the first.
    ///
    /// For a dry run it is one that will never be.
    let publication: Publication?
    /// True when all of it was undone.
    package let isDryRun: Bool

    /// The version that contains the change; nil for a dry run that would change something.
    package var snapshotVersion: Int? {
        self.isDryRun && !self.changes.isEmpty ? nil : self.publication?.version
    }
}
