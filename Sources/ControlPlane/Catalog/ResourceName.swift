/// The name of one resource: its kind and its key, as errors, references and the audit log give it.
package struct ResourceName: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let kind: ResourceKind
    /// A slug, `provider/model`, or a token id.
    package let key: String

    package init(_ kind: ResourceKind, _ key: String) {
        self.kind = kind
        self.key = key
    }

    package var description: String { "\(self.kind.rawValue) \(self.key)" }

    package static func < (left: ResourceName, right: ResourceName) -> Bool {
        (left.kind, left.key) < (right.kind, right.key)
    }
}
