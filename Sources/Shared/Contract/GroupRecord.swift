package import Identity
import Wire

/// A model group: the name that callers put into `model`, and the targets that may serve it.
package struct GroupRecord: Hashable, Sendable {
    /// How a target is chosen among those that may serve a request.
    package enum Strategy: String, Hashable, Sendable, CaseIterable {
        /// By chance, each target by its weight.
        case weighted
        /// In the order of the configuration.
        case priority
        /// The quicker of two drawn by weight, as this node has seen them lately.
        case leastLatency = "least-latency"
        /// The cheapest by price; what has no price comes last.
        case leastCost = "least-cost"
    }

    /// What makes a target eligible for tools and all else but images, which always need proof.
    package enum Proof: String, Hashable, Sendable, CaseIterable {
        /// What the model declares, unless evidence says otherwise.
        case declared
        /// Evidence only.
        case proven
    }

    package var id: Slug
    package var displayName: String?
    package var description: String?
    package var strategy: Strategy
    package var targets: [TargetRecord]
    package var timeouts: TimeoutRecord
    package var proof: Proof
    /// The most targets that one request is tried on; nil leaves it to the data plane's default.
    package var maximumAttempts: Int?

    package static let attemptRange = 1...10

    package init(
        id: Slug,
        displayName: String? = nil,
        description: String? = nil,
        strategy: Strategy = .weighted,
        targets: [TargetRecord],
        timeouts: TimeoutRecord = TimeoutRecord(),
        proof: Proof = .declared,
        maximumAttempts: Int? = nil
    ) {
        self.id = id
        self.displayName = displayName
        self.description = description
        self.strategy = strategy
        self.targets = targets
        self.timeouts = timeouts
        self.proof = proof
        self.maximumAttempts = maximumAttempts
    }

    var json: JSONValue {
        var object = JSONObject()
        object["id"] = .string(self.id.text)
        object["display_name"] = self.displayName.map { .string($0) }
        object["description"] = self.description.map { .string($0) }
        object["strategy"] = .string(self.strategy.rawValue)
        object["targets"] = .array(self.targets.map(\.json))
        object["timeouts"] = self.timeouts.json
        // Only what is set, so that bodies of format 1.0 keep their bytes.
        if self.proof != .declared { object["proof"] = .string(self.proof.rawValue) }
        object["max_attempts"] = self.maximumAttempts.map { .int($0) }
        return .object(object)
    }

    init(_ value: JSONValue, at path: String) throws(JSONShapeError) {
        var members = try JSONMembers(value, at: path)
        self.id = try members.slug("id")
        self.displayName = try members.optionalString("display_name")
        self.description = try members.optionalString("description")
        self.strategy = try members.choice("strategy", Strategy.self)
        var targets: [TargetRecord] = []
        for (index, value) in try members.array("targets").enumerated() {
            targets.append(try TargetRecord(value, at: "\(members.path(of: "targets"))[\(index)]"))
        }
        self.targets = targets
        self.timeouts = try TimeoutRecord(try members.object("timeouts"))
        self.proof = try members.optionalChoice("proof", Proof.self) ?? .declared
        self.maximumAttempts = try members.optionalInt("max_attempts", in: GroupRecord.attemptRange)
    }
}
