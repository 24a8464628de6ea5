package import Contract
package import Identity

/// What evidence is about: a model of a provider, in one dialect, doing one thing.
package struct EvidenceKey: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let model: ModelKey
    package let dialect: Dialect
    package let `case`: CapabilityCase

    package init(_ model: ModelKey, _ dialect: Dialect, _ case: CapabilityCase) {
        self.model = model
        self.dialect = dialect
        self.case = `case`
    }

    /// `provider/model/dialect/case`.
    package var description: String { "\(self.model)/\(self.dialect.rawValue)/\(self.case.rawValue)" }

    package static func < (left: EvidenceKey, right: EvidenceKey) -> Bool {
        (left.model, left.dialect, left.case) < (right.model, right.dialect, right.case)
    }
}
