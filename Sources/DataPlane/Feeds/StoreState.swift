import Contract
import Wire

/// What a node remembers besides the snapshots themselves: `state.json`.
struct StoreState: Hashable, Sendable {
    /// How often a snapshot was put on trial without the trial coming to its end.
    struct Attempt: Hashable, Sendable {
        let reference: SnapshotReference
        var count: Int
    }

    /// Revocations that came after the snapshot was made.
    struct Revocations: Hashable, Sendable {
        let snapshot: SnapshotReference
        let sequence: Int
        let tokens: [String]
    }

    /// The highest version ever admitted; never lowered.
    var highest: SnapshotVersion?
    var attempts: [Attempt] = []
    /// When the control plane was last heard, milliseconds since 1970.
    var heardAt: Int?
    var revocations: Revocations?
    var ended = EndedTokens()
    /// The version in the slot `current`, as far as it is known.
    var current: SnapshotVersion?

    static let maximumAttempts = 8

    init() {}

    mutating func raise(_ version: SnapshotVersion) {
        self.highest = self.highest.map { max($0, version) } ?? version
    }

    /// Takes what the control plane said on top of `snapshot`; what was said of an older one stays known for its sake.
    mutating func hear(_ revocations: Revocations) {
        if let former = self.revocations, former.snapshot != revocations.snapshot {
            self.ended.add(former.tokens, unknownTo: former.snapshot.version)
        }
        self.revocations = revocations
    }

    /// Notes that the snapshot takes the slot `current`, and the one before it the slot `previous`.
    mutating func promote(_ version: SnapshotVersion) {
        guard self.current != version else { return }
        if let previous = self.current { self.ended.forget(before: previous) }
        self.current = version
    }

    mutating func addAttempt(on reference: SnapshotReference) {
        if let index = self.attempts.firstIndex(where: { $0.reference == reference }) {
            self.attempts[index].count += 1
        } else {
            self.attempts.append(Attempt(reference: reference, count: 1))
        }
        self.attempts = self.attempts.suffix(StoreState.maximumAttempts)
    }

    mutating func clearAttempts(on reference: SnapshotReference) {
        self.attempts.removeAll { $0.reference == reference }
    }

    var json: JSONValue {
        var object = JSONObject()
        if let highest = self.highest {
            object["highest"] = ["epoch": .int(highest.epoch), "version": .int(highest.number)]
        }
        if let current = self.current {
            object["current"] = ["epoch": .int(current.epoch), "version": .int(current.number)]
        }
        object["ended"] = self.ended.json
        object["attempts"] = .array(
            self.attempts.map { ["snapshot": $0.reference.json, "count": .int($0.count)] }
        )
        object["heard_at"] = self.heardAt.map { .int($0) }
        if let revocations = self.revocations {
            object["revocations"] = [
                "snapshot": revocations.snapshot.json, "sequence": .int(revocations.sequence),
                "tokens": .array(revocations.tokens.map { .string($0) }),
            ]
        }
        return .object(object)
    }

    init(_ value: JSONValue) throws(JSONShapeError) {
        var members = try JSONMembers(value)
        if var highest = try members.optionalObject("highest") {
            let epoch = try highest.int("epoch")
            let number = try highest.int("version")
            self.highest = SnapshotVersion(epoch: epoch, number: number)
        }
        if var current = try members.optionalObject("current") {
            let epoch = try current.int("epoch")
            let number = try current.int("version")
            self.current = SnapshotVersion(epoch: epoch, number: number)
        }
        self.ended = try EndedTokens(members.optionalArray("ended") ?? [])
        for value in try members.array("attempts").prefix(StoreState.maximumAttempts) {
            var attempt = try JSONMembers(value, at: "attempts")
            var snapshot = try attempt.object("snapshot")
            let reference = try SnapshotReference(&snapshot)
            let count = try attempt.optionalInt("count", in: 0...1_000_000) ?? 0
            self.attempts.append(Attempt(reference: reference, count: count))
        }
        self.heardAt = try members.optionalInt("heard_at")
        if var revocations = try members.optionalObject("revocations") {
            var snapshot = try revocations.object("snapshot")
            self.revocations = Revocations(
                snapshot: try SnapshotReference(&snapshot),
                sequence: try revocations.int("sequence"),
                tokens: try revocations.optionalStrings("tokens") ?? []
            )
        }
    }
}
