package import Catalog
import Contract
package import Identity
import Postgres
import Storage
package import Wire

/// What administrators do with validations and what they found.
package struct Validations: Sendable {
    /// A validation and what it found so far.
    package struct Detail: Sendable {
        package let run: ValidationRun
        package let evidence: [FoundEvidence]
    }

    /// What stands on one case of a model, whoever says so.
    package struct Standing: Sendable {
        package let key: EvidenceKey
        /// What probes found; nil where only somebody vouches.
        package let found: StandingEvidence?
        /// What somebody vouches for, over what was found; nil for nothing that stands.
        package let attestation: AttestationSpec?
        /// The time of the answer, in milliseconds since 1970.
        package let now: Int
    }

    private let editor: ConfigurationEditor

    package init(_ editor: ConfigurationEditor) {
        self.editor = editor
    }

    /// Queues a validation.
    package func request(
        _ body: JSONValue,
        by principal: AdminPrincipal
    ) async throws(AdministrationError) -> Detail {
        let (configuration, _) = try await self.editor.models()
        do {
            let input = try ValidationInput(body)
            let keys = try input.keys(in: configuration)
            return try await self.editor.pool.withTransaction { transaction in
                guard
                    let id = try await ValidationRepository.add(
                        keys,
                        of: input.model,
                        reason: .demand,
                        by: principal.id,
                        in: transaction
                    ), let run = try await ValidationRepository.read(id, in: transaction)
                else { throw JSONShapeError(field: "model", problem: "has nothing to validate") }
                try await AuditRepository.append(
                    AuditEntry(
                        actor: principal.id,
                        action: "create",
                        kind: "validation",
                        key: String(id),
                        change: ["model": .string(input.model.description), "jobs": .int(keys.count)],
                        requestID: principal.requestID
                    ),
                    in: transaction
                )
                return Detail(run: run, evidence: [])
            }
        } catch {
            throw AdministrationError(error)
        }
    }

    /// Newest first.
    package func list(after cursor: PageCursor?, limit: Int) async throws(AdministrationError) -> Page<ValidationRun> {
        let before = cursor.flatMap { Int($0.lastKey) }
        let rows = try await self.editor.read { transaction in
            try await ValidationRepository.list(before: before, limit: limit + 1, in: transaction)
        }
        return Page(reading: rows, limit: limit) { String($0.id) }
    }

    package func get(_ id: Int) async throws(AdministrationError) -> Detail {
        try await self.editor.read { transaction in
            guard let run = try await ValidationRepository.read(id, in: transaction) else {
                throw AdministrationError.notFound(kind: "validation", key: String(id))
            }
            return Detail(run: run, evidence: try await EvidenceRepository.all(of: id, in: transaction))
        }
    }

    /// What stands on the models that are configured now, of all providers and models or of the ones named.
    package func standing(
        provider: Slug?,
        model: Slug?,
        after cursor: PageCursor?,
        limit: Int
    ) async throws(AdministrationError) -> Page<Standing> {
        let (configuration, now) = try await self.editor.models()
        let found = configuration.currentEvidence
        let vouched = configuration.attestations.filter { key, spec in
            spec.endpoint == configuration.endpoint(of: key.model, in: key.dialect)
                && (spec.expiresAt.map { $0 > now } ?? true)
        }
        var items: [EvidenceKey: Standing] = [:]
        for key in Set(found.keys).union(vouched.keys)
        where (provider.map { $0 == key.model.provider } ?? true) && (model.map { $0 == key.model.model } ?? true) {
            items[key] = Standing(key: key, found: found[key], attestation: vouched[key], now: now)
        }
        return Page(of: items, after: cursor, limit: limit, text: \.description)
    }
}
