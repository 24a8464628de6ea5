package import Catalog
import Contract
package import Identity
package import Postgres
import Wire

/// The tables `model_group` and `group_target`.
package enum GroupRepository {
    package static func all(in transaction: Transaction) async throws(PostgresError) -> [Slug: Stored<GroupSpec>] {
        var targets: [Slug: [JSONValue]] = [:]
        let targetRows = try await transaction.query(
            Statement(
                """
                SELECT model_group, id, provider, model, weight, priority, enabled, tags
                FROM group_target ORDER BY model_group, position
                """
            )
        )
        for row in targetRows {
            targets[try row.slug("model_group"), default: []].append([
                "id": .string(try row.text("id")), "provider": .string(try row.text("provider")),
                "model": .string(try row.text("model")), "weight": .int(try row.int("weight")),
                "priority": .int(try row.int("priority")), "enabled": .bool(try row.bool("enabled")),
                "tags": .array(try row.texts("tags").map { .string($0) }),
            ])
        }
        let rows = try await transaction.query(
            Statement(
                """
                SELECT id, revision, display_name, description, strategy, options, created_at, updated_at
                FROM model_group
                """
            )
        )
        var groups: [Slug: Stored<GroupSpec>] = [:]
        for row in rows {
            let id = try row.slug("id")
            var object = try row.json("options").objectValue ?? JSONObject()
            object["display_name"] = try row.optionalText("display_name").map { .string($0) }
            object["description"] = try row.optionalText("description").map { .string($0) }
            object["strategy"] = .string(try row.text("strategy"))
            object["targets"] = .array(targets[id] ?? [])
            let value = JSONValue.object(object)
            let spec = try row.decoding("options") { () throws(JSONShapeError) in try GroupSpec(value) }
            groups[id] = try row.stored(spec)
        }
        return groups
    }

    /// Writes the group and all its targets; throws `.foreignKeyViolation` for a target without a model.
    package static func put(_ id: Slug, _ spec: GroupSpec, in transaction: Transaction) async throws(PostgresError) {
        var options = spec.json.objectValue ?? JSONObject()
        for column in ["display_name", "description", "strategy", "targets"] { options[column] = JSONValue?.none }
        try await transaction.execute(
            Statement(
                """
                INSERT INTO model_group (id, display_name, description, strategy, options)
                VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (id) DO UPDATE SET revision = model_group.revision + 1,
                    display_name = excluded.display_name, description = excluded.description,
                    strategy = excluded.strategy, options = excluded.options, updated_at = now()
                """,
                .text(id.text),
                .optional(spec.displayName),
                .optional(spec.description),
                .text(spec.strategy.rawValue),
                .json(.object(options))
            )
        )
        try await transaction.execute(Statement("DELETE FROM group_target WHERE model_group = $1", .text(id.text)))
        for (position, target) in spec.targets.enumerated() {
            try await transaction.execute(
                Statement(
                    """
                    INSERT INTO group_target (model_group, id, position, provider, model, weight, priority, enabled, tags)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                    """,
                    .text(id.text),
                    .text(target.id.text),
                    .int(position),
                    .text(target.provider.text),
                    .text(target.model.text),
                    .int(target.weight),
                    .int(target.priority),
                    .bool(target.enabled),
                    .texts(target.tags)
                )
            )
        }
    }

    /// Throws `.foreignKeyViolation` while active tokens may use it; what revoked ones once could is forgotten.
    package static func delete(_ id: Slug, in transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                """
                DELETE FROM token_allow USING token
                WHERE token_allow.token = token.id AND token.state = 'revoked' AND token_allow.model_group = $1
                """,
                .text(id.text)
            )
        )
        try await transaction.execute(Statement("DELETE FROM model_group WHERE id = $1", .text(id.text)))
    }
}
