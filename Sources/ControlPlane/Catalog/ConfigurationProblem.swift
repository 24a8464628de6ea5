/// What is wrong with a configuration as a whole: which resource, which of its fields, and why.
package struct ConfigurationProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nil when the problem is nobody's in particular.
    package let resource: ResourceName?
    /// The path from the top of the resource; empty for the resource itself.
    package let field: String
    /// What is wrong, as the rest of a sentence about the field.
    package let problem: String

    package init(resource: ResourceName?, field: String, problem: String) {
        self.resource = resource
        self.field = field
        self.problem = problem
    }

    package var description: String {
        [self.resource?.description, self.field.isEmpty ? nil : self.field, self.problem]
            .compactMap { $0 }.joined(separator: " ")
    }
}
