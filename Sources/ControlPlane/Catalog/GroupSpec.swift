package import Contract
package import Identity
package import Wire

/// A model group as administrators describe it: what callers name in `model`, and who may serve it.
package struct GroupSpec: Hashable, Sendable {
    package var displayName: String?
    package var description: String?
    package var strategy: GroupRecord.Strategy
    /// In the order given; ids are unique.
    package var targets: [TargetRecord]
    package var timeouts: TimeoutRecord
    /// What its targets must have for tools and all else but images, which always need proof.
    package var proof: GroupRecord.Proof
    /// On how many targets one request is tried at most; nil leaves it to the data planes.
    package var maximumAttempts: Int?

    package static let maximumTargets = 200
    package static let maximumTags = 16

    package init(
        displayName: String? = nil,
        description: String? = nil,
        strategy: GroupRecord.Strategy = .weighted,
        targets: [TargetRecord],
        timeouts: TimeoutRecord = TimeoutRecord(),
        proof: GroupRecord.Proof = .declared,
        maximumAttempts: Int? = nil
    ) {
        self.displayName = displayName
        self.description = description
        self.strategy = strategy
        self.targets = targets
        self.timeouts = timeouts
        self.proof = proof
        self.maximumAttempts = maximumAttempts
    }

    package var json: JSONValue {
        var object = JSONObject()
        object["display_name"] = self.displayName.map { .string($0) }
        object["description"] = self.description.map { .string($0) }
        object["strategy"] = .string(self.strategy.rawValue)
        object["targets"] = .array(self.targets.map(\.json))
        // Only what is set, so that a control plane of before can read the groups that do not use them.
        object["requirements"] = self.proof == .declared ? [:] : ["capabilities": .string(self.proof.rawValue)]
        object["attempts"] = self.maximumAttempts.map { ["max": .int($0)] }
        object["timeouts"] = self.timeouts.json
        object["cache"] = [:]
        return .object(object)
    }

    /// Reads the body of a PUT; `path` names the group itself in errors, empty at the top.
    package init(_ value: JSONValue, at path: String = "") throws(JSONShapeError) {
        var members = try JSONMembers(value, at: path)
        members.ignoreReadOnly("id", "revision", "created_at", "updated_at", "snapshot_version")
        self.displayName = try members.optionalText("display_name", maximumBytes: 128)
        self.description = try members.optionalText("description", maximumBytes: 1024)
        self.strategy = try members.optionalChoice("strategy", GroupRecord.Strategy.self) ?? .weighted
        self.targets = []
        let targets = try members.optionalArray("targets") ?? []
        guard targets.count <= GroupSpec.maximumTargets else {
            throw members.error("targets", "must be at most \(GroupSpec.maximumTargets)")
        }
        var ids: Set<Slug> = []
        for (index, value) in targets.enumerated() {
            let path = "\(members.path(of: "targets"))[\(index)]"
            let target = try TargetRecord(value, at: path)
            guard ids.insert(target.id).inserted else {
                throw JSONShapeError(field: "\(path).id", problem: "occurs twice")
            }
            guard target.tags.count <= GroupSpec.maximumTags, target.tags.allSatisfy({ Slug($0) != nil }) else {
                throw JSONShapeError(
                    field: "\(path).tags",
                    problem: "must hold at most \(GroupSpec.maximumTags) names that match \(Slug.grammar)"
                )
            }
            self.targets.append(target)
        }
        self.timeouts = try members.optionalObject("timeouts").map(TimeoutRecord.reading) ?? TimeoutRecord()
        self.proof = .declared
        if var requirements = try members.optionalObject("requirements") {
            self.proof = try requirements.optionalChoice("capabilities", GroupRecord.Proof.self) ?? .declared
            try requirements.refuseUnknown()
        }
        self.maximumAttempts = nil
        if var attempts = try members.optionalObject("attempts") {
            self.maximumAttempts = try attempts.optionalInt("max", in: GroupRecord.attemptRange)
            try attempts.refuseUnknown()
        }
        try members.emptyObject("cache")
        try members.refuseUnknown()
    }

    /// Reads a merge patch over `present`; `targets` is replaced as a whole.
    package init(patch: JSONValue, over present: GroupSpec) throws(JSONShapeError) {
        guard case .object = patch else { throw JSONShapeError(field: "", problem: "must be an object") }
        try self.init(MergePatch.apply(patch, to: present.json))
    }

    package func record(id: Slug) -> GroupRecord {
        GroupRecord(
            id: id,
            displayName: self.displayName,
            description: self.description,
            strategy: self.strategy,
            targets: self.targets,
            timeouts: self.timeouts,
            proof: self.proof,
            maximumAttempts: self.maximumAttempts
        )
    }

    package init(_ record: GroupRecord) {
        self.init(
            displayName: record.displayName,
            description: record.description,
            strategy: record.strategy,
            targets: record.targets,
            timeouts: record.timeouts,
            proof: record.proof,
            maximumAttempts: record.maximumAttempts
        )
    }
}
