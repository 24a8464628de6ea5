import HTTPTypes
import Administration
import Catalog
import Identity
import Wire

/// How resources and outcomes look in answers.
enum ResourceAnswers {
    static func provider(_ item: Providers.Item) -> JSONValue {
        ResourceAnswers.resource([("id", .string(item.key.text))], item.spec.json, item)
    }

    static func model(_ item: Models.Item) -> JSONValue {
        ResourceAnswers.resource(
            [("id", .string(item.key.model.text)), ("provider", .string(item.key.provider.text))],
            item.spec.json,
            item
        )
    }

    static func group(_ item: Groups.Item) -> JSONValue {
        ResourceAnswers.resource([("id", .string(item.key.text))], item.spec.json, item)
    }

    static func token(_ item: Tokens.Item) -> JSONValue {
        ResourceAnswers.resource(
            [
                ("id", .string(item.key.text)), ("user", .string(item.key.user.text)),
                ("project", .string(item.key.project.text)), ("environment", .string(item.key.environment.text)),
                ("key", .string(item.key.key.text)),
            ],
            item.spec.json,
            item
        )
    }

    static func admin(_ item: Admins.Item) -> JSONValue {
        ResourceAnswers.resource([("id", .string(item.key.text))], item.spec.json, item)
    }

    /// The answer to a write: the resource as it is now and the version that contains it, or for a dry run what
    /// would change.
    static func written<Key, Spec>(
        _ outcome: EditOutcome<Resource<Key, Spec>>,
        _ shape: (Resource<Key, Spec>) -> JSONValue
    ) -> AdminAnswer {
        if outcome.isDryRun { return AdminAnswer(.ok, ResourceAnswers.changes(outcome)) }
        let isNew = outcome.answer.revision == 1 && outcome.changes.contains { $0.action == .create }
        return AdminAnswer(
            isNew ? .created : .ok,
            ResourceAnswers.adding(
                [("snapshot_version", ResourceAnswers.number(outcome.snapshotVersion))],
                to: shape(outcome.answer)
            ),
            revision: outcome.answer.revision
        )
    }

    static func deleted(_ outcome: EditOutcome<Void>) -> AdminAnswer {
        if outcome.isDryRun { return AdminAnswer(.ok, ResourceAnswers.changes(outcome)) }
        return AdminAnswer(
            .ok,
            ["deleted": true, "snapshot_version": ResourceAnswers.number(outcome.snapshotVersion)]
        )
    }

    static func changes<Answer>(_ outcome: EditOutcome<Answer>) -> JSONValue {
        [
            "dry_run": .bool(outcome.isDryRun), "changes": .array(outcome.changes.map(\.json)),
            "snapshot_version": ResourceAnswers.number(outcome.snapshotVersion),
        ]
    }

    static func page<Item>(_ page: Page<Item>, _ shape: (Item) -> JSONValue) -> AdminAnswer {
        AdminAnswer(
            .ok,
            [
                "data": .array(page.items.map(shape)),
                "next_cursor": page.next.map { .string($0.text) } ?? .null,
            ]
        )
    }

    static func adding(_ members: [(String, JSONValue)], to value: JSONValue) -> JSONValue {
        var object = value.objectValue ?? JSONObject()
        for (name, member) in members { object[name] = member }
        return .object(object)
    }

    static func number(_ number: Int?) -> JSONValue { number.map { .int($0) } ?? .null }

    static func time(_ milliseconds: Int?) -> JSONValue {
        milliseconds.map { .string(RFC3339.format($0)) } ?? .null
    }

    private static func resource<Key, Spec>(
        _ names: [(String, JSONValue)],
        _ spec: JSONValue,
        _ item: Resource<Key, Spec>
    ) -> JSONValue {
        ResourceAnswers.adding(
            (spec.objectValue?.members.map { ($0.name, $0.value) } ?? []) + [
                ("revision", .int(item.revision)), ("created_at", ResourceAnswers.time(item.createdAt)),
                ("updated_at", ResourceAnswers.time(item.updatedAt)),
            ],
            to: .object(JSONObject(names))
        )
    }
}
