package import Catalog
package import Identity
package import Postgres
import Sealing
import Storage
package import Wire

/// What administrators do with administrators.
package struct Admins: Sendable {
    package typealias Item = Resource<Slug, AdminSpec>

    /// An administrator with the token that is shown this once.
    package struct Issued: Sendable {
        package let resource: Item
        package let token: Secret
    }

    private let pool: PostgresPool
    private let cluster: Cluster

    package init(pool: PostgresPool, cluster: Cluster) {
        self.pool = pool
        self.cluster = cluster
    }

    package func list(after cursor: PageCursor?, limit: Int) async throws(AdministrationError) -> Page<Item> {
        let all = try await self.transact { try await AdminRepository.all(in: $0) }
        let items = Dictionary(uniqueKeysWithValues: all.map { ($0, Item(key: $0, stored: $1.stored)) })
        return Page(of: items, after: cursor, limit: limit, text: \.text)
    }

    package func get(_ id: Slug) async throws(AdministrationError) -> Item {
        let all = try await self.transact { try await AdminRepository.all(in: $0) }
        guard let row = all[id] else { throw .notFound(kind: "admin", key: id.text) }
        return Item(key: id, stored: row.stored)
    }

    /// Makes an administrator of at most the principal's own role.
    package func create(
        _ body: JSONValue,
        by principal: AdminPrincipal,
        dryRun: Bool
    ) async throws(AdministrationError) -> EditOutcome<Issued> {
        try await self.change(dryRun: dryRun) { transaction, now in
            let creation = try AdminCreation(body, now: now)
            try Admins.require(principal, creation.spec.role)
            let present = try await AdminRepository.all(in: transaction)
            guard present[creation.id] == nil else {
                throw AdministrationError.alreadyExists(ResourceName(.admin, creation.id.text))
            }
            return (
                try await self.add(creation, by: principal, now: now, in: transaction),
                Admins.difference(creation.id, nil, creation.spec)
            )
        }
    }

    /// Makes an administrator from the command line, which holds the database and the key file.
    ///
    /// With `replacing` an administrator of that id gets a new token and the role; otherwise throws
    /// `alreadyExists`.
    package func bootstrap(
        _ id: Slug,
        role: AdminRole,
        replacing: Bool
    ) async throws(AdministrationError) -> Issued {
        let principal = AdminPrincipal(id: OwnActor.commandLine.rawValue, role: .admin, requestID: nil)
        return try await self.change(dryRun: false) { transaction, now in
            let present = try await AdminRepository.all(in: transaction)[id]
            let creation = AdminCreation(id: id, spec: AdminSpec(role: role))
            guard let present else {
                try AdminCreation.refuseReserved(id)
                return (try await self.add(creation, by: principal, now: now, in: transaction), [])
            }
            guard replacing else { throw AdministrationError.alreadyExists(ResourceName(.admin, id.text)) }
            var spec = present.stored.spec
            spec.role = role
            spec.expiresAt = nil
            try await AdminRepository.update(id, spec, in: transaction)
            return (try await self.reissue(id, by: principal, in: transaction), [])
        }
        .answer
    }

    /// Lays a JSON merge patch over role, description and expiry.
    package func patch(
        _ id: Slug,
        _ body: JSONValue,
        if precondition: WritePrecondition,
        by principal: AdminPrincipal,
        dryRun: Bool
    ) async throws(AdministrationError) -> EditOutcome<Item> {
        try await self.change(dryRun: dryRun) { transaction, now in
            let present = try await self.present(id, precondition, principal, in: transaction)
            let spec = try AdminSpec(patch: body, over: present.spec)
            try Admins.require(principal, spec.role)
            if let expiresAt = spec.expiresAt, expiresAt != present.spec.expiresAt, expiresAt <= now {
                throw JSONShapeError(field: "expires_at", problem: "must be in the future")
            }
            guard spec != present.spec else { return (Item(key: id, stored: present), []) }
            try await AdminRepository.update(id, spec, in: transaction)
            try await self.requireOneAdmin(now: now, in: transaction)
            try await Admins.audit(id, "update", present.spec.json, spec.json, principal, in: transaction)
            return (try await self.read(id, in: transaction), Admins.difference(id, present.spec, spec))
        }
    }

    /// Replaces the administrator's token at once.
    package func rotate(
        _ id: Slug,
        if precondition: WritePrecondition,
        by principal: AdminPrincipal,
        dryRun: Bool
    ) async throws(AdministrationError) -> EditOutcome<Issued> {
        try await self.change(dryRun: dryRun) { transaction, _ in
            _ = try await self.present(id, precondition, principal, in: transaction)
            return (
                try await self.reissue(id, by: principal, in: transaction),
                [ResourceChange(action: .update, name: ResourceName(.admin, id.text), fields: [])]
            )
        }
    }

    package func delete(
        _ id: Slug,
        if precondition: WritePrecondition,
        by principal: AdminPrincipal,
        dryRun: Bool
    ) async throws(AdministrationError) -> EditOutcome<Void> {
        try await self.change(dryRun: dryRun) { transaction, now in
            let present = try await self.present(id, precondition, principal, in: transaction)
            try await AdminRepository.delete(id, in: transaction)
            try await self.requireOneAdmin(now: now, in: transaction)
            try await Admins.audit(id, "delete", present.spec.json, nil, principal, in: transaction)
            return ((), Admins.difference(id, present.spec, nil))
        }
    }

    private func add(
        _ creation: AdminCreation,
        by principal: AdminPrincipal,
        now: Int,
        in transaction: Transaction
    ) async throws -> Issued {
        let token = AdminToken.issue(for: creation.id, randomByte: SecureRandom.byte)
        let credential = try self.credential(of: token)
        try await AdminRepository.add(creation.id, creation.spec, credential: credential, in: transaction)
        try await Admins.audit(creation.id, "create", nil, creation.spec.json, principal, in: transaction)
        return Issued(resource: try await self.read(creation.id, in: transaction), token: token)
    }

    private func reissue(_ id: Slug, by principal: AdminPrincipal, in transaction: Transaction) async throws -> Issued {
        let token = AdminToken.issue(for: id, randomByte: SecureRandom.byte)
        try await AdminRepository.setCredential(id, try self.credential(of: token), in: transaction)
        try await Admins.audit(id, "rotate", nil, nil, principal, in: transaction)
        return Issued(resource: try await self.read(id, in: transaction), token: token)
    }

    private func credential(of token: Secret) throws(AdministrationError) -> TokenCredential {
        guard let pepper = self.cluster.peppers[self.cluster.currentPepper] else {
            throw .internalError("the current pepper is missing")
        }
        return TokenCredential(
            code: TokenCode.code(of: token, pepper: pepper),
            pepper: self.cluster.currentPepper
        )
    }

    /// The row of an administrator whom the principal may change.
    private func present(
        _ id: Slug,
        _ precondition: WritePrecondition,
        _ principal: AdminPrincipal,
        in transaction: Transaction
    ) async throws -> Stored<AdminSpec> {
        guard let row = try await AdminRepository.all(in: transaction)[id] else {
            throw AdministrationError.notFound(kind: "admin", key: id.text)
        }
        try Admins.require(principal, row.stored.spec.role)
        try precondition.check(row.stored.revision)
        return row.stored
    }

    private func read(_ id: Slug, in transaction: Transaction) async throws -> Item {
        guard let row = try await AdminRepository.all(in: transaction)[id] else {
            throw AdministrationError.notFound(kind: "admin", key: id.text)
        }
        return Item(key: id, stored: row.stored)
    }

    private func requireOneAdmin(now: Int, in transaction: Transaction) async throws {
        let left = try await AdminRepository.all(in: transaction).values.contains { row in
            row.stored.spec.role == .admin && (row.stored.spec.expiresAt ?? .max) > now
        }
        guard left else {
            throw AdministrationError.conflict(
                code: "last-admin",
                message: "this is the last administrator of role admin"
            )
        }
    }

    private static func require(_ principal: AdminPrincipal, _ role: AdminRole) throws(AdministrationError) {
        guard principal.role >= role else { throw .forbidden(needed: role) }
    }

    private static func audit(
        _ id: Slug,
        _ action: String,
        _ before: JSONValue?,
        _ after: JSONValue?,
        _ principal: AdminPrincipal,
        in transaction: Transaction
    ) async throws {
        try await AuditRepository.append(
            AuditEntry(
                actor: principal.id,
                action: action,
                kind: ResourceKind.admin.rawValue,
                key: id.text,
                change: ["fields": .array(FieldChange.between(before, after).map(\.json))],
                requestID: principal.requestID
            ),
            in: transaction
        )
    }

    private static func difference(_ id: Slug, _ before: AdminSpec?, _ after: AdminSpec?) -> [ResourceChange] {
        let name = ResourceName(.admin, id.text)
        return [ResourceChange(name: name, before: before?.json, after: after?.json)].compactMap { $0 }
    }

    /// A dry run's way out of its transaction.
    private struct RollBack<Answer: Sendable>: Error {
        let outcome: EditOutcome<Answer>
    }

    private func change<Answer: Sendable>(
        dryRun: Bool,
        _ body: (Transaction, Int) async throws -> (Answer, [ResourceChange])
    ) async throws(AdministrationError) -> EditOutcome<Answer> {
        do {
            return try await self.pool.withTransaction { transaction in
                // One at a time, so that two cannot each remove the other's last administrator.
                try await AdvisoryLock.publication.take(in: transaction)
                let rows = try await transaction.query(Statement("SELECT now() AS now"))
                let (answer, changes) = try await body(
                    transaction,
                    Int(try rows.first?.milliseconds("now") ?? 0)
                )
                let outcome = EditOutcome(answer: answer, changes: changes, publication: nil, isDryRun: dryRun)
                if dryRun { throw RollBack(outcome: outcome) }
                return outcome
            }
        } catch let rollBack as RollBack<Answer> {
            return rollBack.outcome
        } catch {
            throw AdministrationError(error)
        }
    }

    private func transact<Answer>(
        _ body: (Transaction) async throws -> Answer
    ) async throws(AdministrationError) -> Answer {
        do { return try await self.pool.withTransaction { try await body($0) } } catch {
            throw AdministrationError(error)
        }
    }
}
