/// A resource as it is stored: what it says, and the history of its row.
package struct Stored<Spec: Sendable>: Sendable {
    package var spec: Spec
    /// 1 for a new row, one more with every change.
    package let revision: Int
    /// Milliseconds since 1970.
    package let createdAt: Int64
    /// Milliseconds since 1970.
    package let updatedAt: Int64

    package init(spec: Spec, revision: Int, createdAt: Int64, updatedAt: Int64) {
        self.spec = spec
        self.revision = revision
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

extension Stored: Equatable where Spec: Equatable {}
extension Stored: Hashable where Spec: Hashable {}
