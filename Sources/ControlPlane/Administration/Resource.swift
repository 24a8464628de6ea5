import Storage

/// A resource and its name, as it is stored, with the history of its row.
package struct Resource<Key: Hashable & Sendable, Spec: Sendable>: Sendable {
    package let key: Key
    package let spec: Spec
    /// 1 for a new resource, one more with every change.
    package let revision: Int
    /// Milliseconds since 1970.
    package let createdAt: Int
    /// Milliseconds since 1970.
    package let updatedAt: Int

    init(key: Key, stored: Stored<Spec>) {
        self.key = key
        self.spec = stored.spec
        self.revision = stored.revision
        self.createdAt = Int(stored.createdAt)
        self.updatedAt = Int(stored.updatedAt)
    }
}
