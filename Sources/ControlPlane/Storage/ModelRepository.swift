package import Catalog
import Identity
package import Postgres
import Wire

/// The table `model`.
package enum ModelRepository {
    package static func all(in transaction: Transaction) async throws(PostgresError) -> [ModelKey: Stored<ModelSpec>] {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT provider, id, revision, upstream_model, context_tokens, max_output_tokens, options,
                    created_at, updated_at
                FROM model
                """
            )
        )
        var models: [ModelKey: Stored<ModelSpec>] = [:]
        for row in rows {
            let key = ModelKey(provider: try row.slug("provider"), model: try row.slug("id"))
            models[key] = try row.stored(try ModelRepository.spec(row))
        }
        return models
    }

    package static func put(
        _ key: ModelKey,
        _ spec: ModelSpec,
        in transaction: Transaction
    ) async throws(PostgresError) {
        var options = spec.json.objectValue ?? JSONObject()
        for column in ["upstream_model", "context_tokens", "max_output_tokens"] { options[column] = JSONValue?.none }
        try await transaction.execute(
            Statement(
                """
                INSERT INTO model (provider, id, upstream_model, context_tokens, max_output_tokens, options)
                VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (provider, id) DO UPDATE SET revision = model.revision + 1,
                    upstream_model = excluded.upstream_model, context_tokens = excluded.context_tokens,
                    max_output_tokens = excluded.max_output_tokens, options = excluded.options, updated_at = now()
                """,
                .text(key.provider.text),
                .text(key.model.text),
                .text(spec.upstreamModel),
                .optional(spec.contextTokens),
                .optional(spec.maxOutputTokens),
                .json(.object(options))
            )
        )
    }

    /// Throws `.foreignKeyViolation` while targets refer to it.
    package static func delete(_ key: ModelKey, in transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                "DELETE FROM model WHERE provider = $1 AND id = $2",
                .text(key.provider.text),
                .text(key.model.text)
            )
        )
    }

    private static func spec(_ row: Row) throws(PostgresError) -> ModelSpec {
        var object = try row.json("options").objectValue ?? JSONObject()
        object["upstream_model"] = .string(try row.text("upstream_model"))
        object["context_tokens"] = try row.optionalInt("context_tokens").map { .int($0) }
        object["max_output_tokens"] = try row.optionalInt("max_output_tokens").map { .int($0) }
        let value = JSONValue.object(object)
        return try row.decoding("options") { () throws(JSONShapeError) in try ModelSpec(value) }
    }
}
