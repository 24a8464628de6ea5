package import Identity
import Wire

/// A model group: the name that callers put into `model`, and the targets that may serve it.
package struct GroupRecord: Hashable, Sendable {
    /// How a target is chosen among those that may serve a request.
    package enum Strategy: String, Hashable, Sendable, CaseIterable {
        case weighted
        case priority
    }

    package var id: Slug
    package var displayName: String?
    package var description: String?
    package var strategy: Strategy
    package var targets: [TargetRecord]
    package var timeouts: TimeoutRecord

    package init(
        id: Slug,
        displayName: String? = nil,
        description: String? = nil,
        strategy: Strategy = .weighted,
        targets: [TargetRecord],
        timeouts: TimeoutRecord = TimeoutRecord()
    ) {
        self.id = id
        self.displayName = displayName
        self.description = description
        self.strategy = strategy
        self.targets = targets
        self.timeouts = timeouts
    }

    var json: JSONValue {
        var object = JSONObject()
        object["id"] = .string(self.id.text)
        object["display_name"] = self.displayName.map { .string($0) }
        object["description"] = self.description.map { .string($0) }
        object["strategy"] = .string(self.strategy.rawValue)
        object["targets"] = .array(self.targets.map(\.json))
        object["timeouts"] = self.timeouts.json
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
    }
}
