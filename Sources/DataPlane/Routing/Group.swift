package import Contract
package import Identity

/// A model group with its targets in the order of the configuration.
package struct Group: Sendable {
    package let id: Slug
    package let displayName: String?
    package let description: String?
    package let strategy: GroupRecord.Strategy
    package let targets: [Target]

    init(_ record: GroupRecord, targets: [Target]) {
        self.id = record.id
        self.displayName = record.displayName
        self.description = record.description
        self.strategy = record.strategy
        self.targets = targets
    }
}
