package import Catalog
package import Identity
package import Postgres

/// The table `admin`.
package enum AdminRepository {
    package static func all(in transaction: Transaction) async throws(PostgresError) -> [Slug: AdminRow] {
        let rows = try await transaction.query(
            Statement(
                "SELECT id, revision, code, pepper, role, description, expires_at, created_at, updated_at FROM admin"
            )
        )
        var admins: [Slug: AdminRow] = [:]
        for row in rows { admins[try row.slug("id")] = try AdminRepository.admin(row) }
        return admins
    }

    /// Nil when there is no such administrator.
    package static func read(_ id: Slug, from pool: PostgresPool) async throws(PostgresError) -> AdminRow? {
        let rows = try await pool.query(
            Statement(
                """
                SELECT id, revision, code, pepper, role, description, expires_at, created_at, updated_at
                FROM admin WHERE id = $1
                """,
                .text(id.text)
            )
        )
        return try rows.first.map(AdminRepository.admin)
    }

    /// Throws `.uniqueViolation` when the id is taken.
    package static func add(
        _ id: Slug,
        _ spec: AdminSpec,
        credential: TokenCredential,
        in transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                """
                INSERT INTO admin (id, code, pepper, role, description, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
                """,
                .text(id.text),
                .bytes(credential.code.bytes),
                .text(credential.pepper),
                .text(spec.role.rawValue),
                .optional(spec.description),
                .optional(milliseconds: spec.expiresAt)
            )
        )
    }

    package static func update(
        _ id: Slug,
        _ spec: AdminSpec,
        in transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                """
                UPDATE admin SET revision = revision + 1, role = $2, description = $3, expires_at = $4,
                    updated_at = now()
                WHERE id = $1
                """,
                .text(id.text),
                .text(spec.role.rawValue),
                .optional(spec.description),
                .optional(milliseconds: spec.expiresAt)
            )
        )
    }

    /// Replaces the administrator's token.
    package static func setCredential(
        _ id: Slug,
        _ credential: TokenCredential,
        in transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                "UPDATE admin SET revision = revision + 1, code = $2, pepper = $3, updated_at = now() WHERE id = $1",
                .text(id.text),
                .bytes(credential.code.bytes),
                .text(credential.pepper)
            )
        )
    }

    package static func delete(_ id: Slug, in transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute(Statement("DELETE FROM admin WHERE id = $1", .text(id.text)))
    }

    private static func admin(_ row: Row) throws(PostgresError) -> AdminRow {
        guard let role = AdminRole(rawValue: try row.text("role")) else {
            throw .undecodable(column: "role", expected: "a role")
        }
        let spec = AdminSpec(
            role: role,
            description: try row.optionalText("description"),
            expiresAt: try row.optionalMillisecondsInt("expires_at")
        )
        return AdminRow(
            stored: try row.stored(spec),
            credential: TokenCredential(code: try row.digest("code"), pepper: try row.text("pepper"))
        )
    }
}
