package import Catalog
import Contract
package import Identity
package import Postgres

/// The tables `token` and `token_allow`.
package enum TokenRepository {
    package static func all(in transaction: Transaction) async throws(PostgresError) -> [TokenID: TokenRow] {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT id, revision, code, pepper, state, endpoints, strict, not_before, expires_at, description,
                    revoked_at, created_at, updated_at, coalesce(allowed.groups, '{}') AS allow
                FROM token LEFT JOIN (
                    SELECT token, array_agg(model_group::text ORDER BY model_group) AS groups
                    FROM token_allow GROUP BY token
                ) AS allowed ON allowed.token = token.id
                """
            )
        )
        var tokens: [TokenID: TokenRow] = [:]
        tokens.reserveCapacity(rows.count)
        for row in rows {
            guard let id = TokenID(try row.text("id")) else {
                throw .undecodable(column: "id", expected: "a token id")
            }
            tokens[id] = try TokenRepository.token(row)
        }
        return tokens
    }

    /// Up to `limit` tokens whose ids come after `cursor`, in the order of their ids.
    package static func page(
        after cursor: String?,
        limit: Int,
        in transaction: Transaction
    ) async throws(PostgresError) -> [(id: TokenID, row: TokenRow)] {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT id, revision, code, pepper, state, endpoints, strict, not_before, expires_at, description,
                    revoked_at, created_at, updated_at, ARRAY(
                        SELECT model_group::text FROM token_allow WHERE token_allow.token = token.id ORDER BY model_group
                    ) AS allow
                FROM token WHERE $1::text IS NULL OR id > $1::text
                ORDER BY id LIMIT $2::bigint
                """,
                .optional(cursor),
                .int(limit)
            )
        )
        var tokens: [(id: TokenID, row: TokenRow)] = []
        for row in rows {
            guard let id = TokenID(try row.text("id")) else {
                throw .undecodable(column: "id", expected: "a token id")
            }
            tokens.append((id, try TokenRepository.token(row)))
        }
        return tokens
    }

    /// Nil when there is no such token.
    package static func read(_ id: TokenID, in transaction: Transaction) async throws(PostgresError) -> TokenRow? {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT id, revision, code, pepper, state, endpoints, strict, not_before, expires_at, description,
                    revoked_at, created_at, updated_at, ARRAY(
                        SELECT model_group::text FROM token_allow WHERE token_allow.token = token.id ORDER BY model_group
                    ) AS allow
                FROM token WHERE id = $1
                """,
                .text(id.text)
            )
        )
        return try rows.first.map(TokenRepository.token)
    }

    /// Adds a token, whose id must be new; throws `.uniqueViolation` otherwise.
    package static func add(
        _ id: TokenID,
        _ spec: TokenSpec,
        credential: TokenCredential,
        in transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                """
                INSERT INTO token (id, code, pepper, state, endpoints, strict, not_before, expires_at, description,
                    revoked_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                """,
                .text(id.text),
                .bytes(credential.code.bytes),
                .text(credential.pepper),
                .text(spec.state.rawValue),
                spec.endpoints.map { .texts($0.map(\.rawValue)) } ?? .null,
                .bool(spec.strict),
                .optional(milliseconds: spec.notBefore),
                .optional(milliseconds: spec.expiresAt),
                .optional(spec.description),
                .optional(milliseconds: spec.revokedAt)
            )
        )
        try await TokenRepository.setAllowed(id, spec.allow, in: transaction)
    }

    package static func update(
        _ id: TokenID,
        _ spec: TokenSpec,
        in transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                """
                UPDATE token SET revision = revision + 1, state = $2, endpoints = $3, strict = $4, not_before = $5,
                    expires_at = $6, description = $7, revoked_at = $8, updated_at = now()
                WHERE id = $1
                """,
                .text(id.text),
                .text(spec.state.rawValue),
                spec.endpoints.map { .texts($0.map(\.rawValue)) } ?? .null,
                .bool(spec.strict),
                .optional(milliseconds: spec.notBefore),
                .optional(milliseconds: spec.expiresAt),
                .optional(spec.description),
                .optional(milliseconds: spec.revokedAt)
            )
        )
        try await TokenRepository.setAllowed(id, spec.allow, in: transaction)
    }

    private static func setAllowed(
        _ id: TokenID,
        _ groups: [Slug],
        in transaction: Transaction
    ) async throws(PostgresError) {
        let names = PostgresValue.texts(groups.map(\.text))
        try await transaction.execute(
            Statement(
                "DELETE FROM token_allow WHERE token = $1 AND model_group <> ALL ($2::text[])",
                .text(id.text),
                names
            )
        )
        try await transaction.execute(
            Statement(
                """
                INSERT INTO token_allow (token, model_group)
                SELECT $1, name FROM unnest($2::text[]) AS name ON CONFLICT DO NOTHING
                """,
                .text(id.text),
                names
            )
        )
    }

    private static func token(_ row: Row) throws(PostgresError) -> TokenRow {
        guard let state = TokenRecord.State(rawValue: try row.text("state")) else {
            throw .undecodable(column: "state", expected: "a state")
        }
        var endpoints: [Dialect]?
        if try row.optionalText("endpoints") != nil {
            endpoints = try row.texts("endpoints").compactMap { Dialect(rawValue: $0) }
        }
        let spec = TokenSpec(
            allow: try row.texts("allow").compactMap { Slug($0) },
            endpoints: endpoints,
            strict: try row.bool("strict"),
            notBefore: try row.optionalMillisecondsInt("not_before"),
            expiresAt: try row.optionalMillisecondsInt("expires_at"),
            description: try row.optionalText("description"),
            state: state,
            revokedAt: try row.optionalMillisecondsInt("revoked_at")
        )
        return TokenRow(
            stored: try row.stored(spec),
            credential: TokenCredential(code: try row.digest("code"), pepper: try row.text("pepper"))
        )
    }
}
