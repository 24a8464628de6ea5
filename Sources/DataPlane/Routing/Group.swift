package import Contract
package import Identity

/// A model group with its targets in the order of the configuration; an object for the same reason as ``Target``.
package final class Group: Sendable {
    package let id: Slug
    package let displayName: String?
    package let description: String?
    package let strategy: GroupRecord.Strategy
    package let targets: [Target]
    /// The most targets that one request is tried on.
    package let maximumAttempts: Int
    package let proof: GroupRecord.Proof
    package let timeouts: TimeoutRecord
    /// Of all targets, disabled ones too: what ids look like does not change while targets are switched off and on.
    package let responseKeepers: ResponseKeepers

    init(_ record: GroupRecord, targets: [Target]) {
        self.id = record.id
        self.displayName = record.displayName
        self.description = record.description
        self.strategy = record.strategy
        self.targets = targets
        self.maximumAttempts = record.maximumAttempts ?? 3
        self.proof = record.proof
        self.timeouts = record.timeouts
        self.responseKeepers = ResponseKeepers(of: targets)
    }
}
