package import Catalog

/// What a write came to.
package struct EditOutcome<Answer: Sendable>: Sendable {
    package let answer: Answer
    package let changes: [ResourceChange]
    /// The snapshot that contains the change; for a dry run the one that stands. Nil before the first publication.
    package let snapshotVersion: Int?
    /// True when all of it was undone.
    package let isDryRun: Bool
}
