package import Storage

/// A resource and its name, as it is stored.
package struct Resource<Key: Hashable & Sendable, Spec: Sendable>: Sendable {
    package let key: Key
    package let stored: Stored<Spec>

    package init(key: Key, stored: Stored<Spec>) {
        self.key = key
        self.stored = stored
    }
}
