/// Which keys of a collection of resources appear, change and disappear; each list sorted.
package struct KeyChanges<Key: Hashable & Comparable & Sendable>: Hashable, Sendable {
    package let created: [Key]
    package let updated: [Key]
    package let deleted: [Key]

    init<Spec: Equatable>(from before: [Key: Spec], to after: [Key: Spec]) {
        var created: [Key] = []
        var updated: [Key] = []
        for (key, spec) in after {
            if let present = before[key] {
                if present != spec { updated.append(key) }
            } else {
                created.append(key)
            }
        }
        self.created = created.sorted()
        self.updated = updated.sorted()
        self.deleted = before.keys.filter { after[$0] == nil }.sorted()
    }

    package var isEmpty: Bool { self.created.isEmpty && self.updated.isEmpty && self.deleted.isEmpty }

    /// All keys, sorted.
    var all: [Key] { (self.created + self.updated + self.deleted).sorted() }
}
