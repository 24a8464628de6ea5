/// Why a JSON value is not what its reader needs: which member, and what is wrong with it.
package struct JSONShapeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The member as a path from the top: `targets[2].weight`; empty for the value itself.
    package let field: String
    /// What is wrong, as the rest of a sentence about the member: `must be a string`.
    package let problem: String

    package init(field: String, problem: String) {
        self.field = field
        self.problem = problem
    }

    package var description: String { self.field.isEmpty ? self.problem : "\(self.field) \(self.problem)" }
}
