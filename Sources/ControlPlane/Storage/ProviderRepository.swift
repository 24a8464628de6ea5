package import Catalog
import Contract
package import Identity
package import Postgres
import Wire

/// The table `provider`.
package enum ProviderRepository {
    package static func all(in transaction: Transaction) async throws(PostgresError) -> [Slug: Stored<ProviderSpec>] {
        let rows = try await transaction.query(
            Statement(
                """
                SELECT id, revision, base_url, enabled, allow_private_network, auth_scheme, options,
                    sealed_secret IS NOT NULL AS secret_set, secret_revision, created_at, updated_at
                FROM provider
                """
            )
        )
        var providers: [Slug: Stored<ProviderSpec>] = [:]
        for row in rows { providers[try row.slug("id")] = try row.stored(try ProviderRepository.spec(row)) }
        return providers
    }

    /// The sealed secrets and their revisions by provider; providers without a secret are left out.
    package static func sealedSecrets(
        in transaction: Transaction
    ) async throws(PostgresError) -> [Slug: (sealed: [UInt8], revision: Int)] {
        let rows = try await transaction.query(
            Statement("SELECT id, sealed_secret, secret_revision FROM provider WHERE sealed_secret IS NOT NULL")
        )
        var secrets: [Slug: (sealed: [UInt8], revision: Int)] = [:]
        for row in rows {
            secrets[try row.slug("id")] = (try row.bytes("sealed_secret"), try row.int("secret_revision"))
        }
        return secrets
    }

    /// The last secret revisions of providers that were deleted.
    package static func secretFloors(in transaction: Transaction) async throws(PostgresError) -> [Slug: Int] {
        let rows = try await transaction.query(Statement("SELECT provider, revision FROM provider_secret_floor"))
        var floors: [Slug: Int] = [:]
        for row in rows { floors[try row.slug("provider")] = try row.int("revision") }
        return floors
    }

    /// Writes the whole row but its secret, whose revision is taken from the description.
    package static func put(
        _ id: Slug,
        _ spec: ProviderSpec,
        in transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                """
                INSERT INTO provider (id, base_url, enabled, allow_private_network, auth_scheme, options, secret_revision)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (id) DO UPDATE SET revision = provider.revision + 1, base_url = excluded.base_url,
                    enabled = excluded.enabled, allow_private_network = excluded.allow_private_network,
                    auth_scheme = excluded.auth_scheme, options = excluded.options,
                    secret_revision = excluded.secret_revision,
                    sealed_secret = CASE WHEN excluded.secret_revision = provider.secret_revision
                        THEN provider.sealed_secret END,
                    updated_at = now()
                """,
                .text(id.text),
                .text(spec.baseURL.description),
                .bool(spec.enabled),
                .bool(spec.allowPrivateNetwork),
                .text(spec.authentication.rawValue),
                .json(ProviderRepository.options(spec)),
                .int(spec.credential.revision)
            )
        )
    }

    /// Stores the secret that belongs to the row's present secret revision.
    package static func setSecret(
        _ id: Slug,
        sealed: [UInt8],
        in transaction: Transaction
    ) async throws(PostgresError) {
        try await transaction.execute(
            Statement("UPDATE provider SET sealed_secret = $2 WHERE id = $1", .text(id.text), .bytes(sealed))
        )
    }

    /// Throws `.foreignKeyViolation` while models refer to it.
    package static func delete(_ id: Slug, in transaction: Transaction) async throws(PostgresError) {
        try await transaction.execute(
            Statement(
                """
                INSERT INTO provider_secret_floor (provider, revision)
                SELECT id, secret_revision FROM provider WHERE id = $1 AND secret_revision > 0
                ON CONFLICT (provider) DO UPDATE SET revision = excluded.revision
                """,
                .text(id.text)
            )
        )
        try await transaction.execute(Statement("DELETE FROM provider WHERE id = $1", .text(id.text)))
    }

    private static func options(_ spec: ProviderSpec) -> JSONValue {
        var options = spec.json.objectValue ?? JSONObject()
        for column in ["base_url", "enabled", "allow_private_network", "auth"] { options[column] = JSONValue?.none }
        return .object(options)
    }

    private static func spec(_ row: Row) throws(PostgresError) -> ProviderSpec {
        var object = try row.json("options").objectValue ?? JSONObject()
        object["base_url"] = .string(try row.text("base_url"))
        object["enabled"] = .bool(try row.bool("enabled"))
        object["allow_private_network"] = .bool(try row.bool("allow_private_network"))
        object["auth"] = ["scheme": .string(try row.text("auth_scheme"))]
        let value = JSONValue.object(object)
        var spec = try row.decoding("options") { () throws(JSONShapeError) in try ProviderInput(value).spec }
        spec.credential = ProviderCredential(
            isSet: try row.bool("secret_set"),
            revision: try row.int("secret_revision")
        )
        return spec
    }
}
