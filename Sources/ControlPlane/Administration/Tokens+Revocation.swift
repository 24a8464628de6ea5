import Catalog
import Contract
package import Identity
import Postgres
import Storage
package import Wire

extension Tokens {
    /// Replaces a token by one of the same rights under a new key name.
    ///
    /// The old one goes on working for the overlap; without one it is revoked when this returns.
    package func rotate(
        _ id: TokenID,
        _ body: JSONValue,
        if precondition: WritePrecondition,
        by principal: AdminPrincipal,
        dryRun: Bool
    ) async throws(AdministrationError) -> EditOutcome<IssuedToken> {
        let name = ResourceName(.token, id.text)
        let action = "rotate \(name)"
        return try await self.editor.edit(by: principal, reason: action, dryRun: dryRun) { edit, transaction in
            let rotation = try TokenRotation(body)
            let present = try self.active(id, precondition, edit)
            let taken = edit.configuration.tokens
            let newID = TokenCreation.freeID(
                deployment: id.deployment,
                user: id.user,
                project: id.project,
                environment: id.environment,
                key: rotation.key,
                now: edit.now
            ) { taken[$0] != nil }
            guard let newID else {
                throw AdministrationError.malformed(JSONShapeError(field: "key", problem: "is taken"))
            }
            var spec = present.spec
            spec.notBefore = nil
            spec.expiresAt = try self.policy.expiry(rotation.expiry, field: "expires_at", now: edit.now)
            let issued = try self.issue(newID, spec, &edit)
            if rotation.overlap == 0 {
                edit.configuration.tokens[id]?.state = .revoked
                edit.configuration.tokens[id]?.revokedAt = edit.now
                _ = try await self.revocation.note(id, by: principal.id, in: transaction)
            } else {
                let end = edit.now + rotation.overlap
                edit.configuration.tokens[id]?.expiresAt = min(present.spec.expiresAt ?? end, end)
            }
            return issued
        }
    }

    /// Takes a token out of use for ever, and waits up to 2 s for the nodes to know.
    ///
    /// Revoking twice is no error. The revocation stands before the snapshot that contains it is made, which takes
    /// longer the larger the configuration is.
    package func revoke(
        _ id: TokenID,
        if precondition: WritePrecondition,
        by principal: AdminPrincipal
    ) async throws(AdministrationError) -> RevokedToken {
        let (stored, sequence) = try await self.editor.queue.withTurn { () async throws(AdministrationError) in
            try await self.note(id, precondition, principal)
        }
        let item = Item(key: id, stored: stored)
        var version: Int?
        var progress: RevocationProgress?
        do throws(AdministrationError) {
            let outcome = try await self.editor.edit(
                by: principal,
                reason: "revoke token \(id.text)",
                publishesAnyway: true
            ) { _, _ in }
            version = outcome.snapshotVersion
            if let reference = outcome.publication?.reference {
                progress = await self.revocation.progress(of: sequence, in: reference)
            }
        } catch {
            // Done it is; only who knows cannot be told now. A defect of ours is told, for it says nothing else.
            if case .internalError = error { throw error }
        }
        return RevokedToken(resource: item, progress: progress, snapshotVersion: version)
    }

    /// What revoking a token would change.
    package func revocation(
        of id: TokenID,
        if precondition: WritePrecondition,
        by principal: AdminPrincipal
    ) async throws(AdministrationError) -> EditOutcome<Void> {
        try await self.editor.edit(by: principal, reason: "revoke token \(id.text)", dryRun: true) { edit, _ in
            guard let present = edit.stored.tokens[id]?.stored else {
                throw AdministrationError.notFound(kind: "token", key: id.text)
            }
            try precondition.check(present.revision)
            guard present.spec.state == .active else { return }
            edit.configuration.tokens[id]?.state = .revoked
            edit.configuration.tokens[id]?.revokedAt = edit.now
        }
    }

    private func note(
        _ id: TokenID,
        _ precondition: WritePrecondition,
        _ principal: AdminPrincipal
    ) async throws(AdministrationError) -> (stored: Stored<TokenSpec>, sequence: Int) {
        do {
            return try await self.editor.pool.withTransaction { transaction in
                try await self.editor.prepare(transaction)
                guard let row = try await TokenRepository.read(id, in: transaction) else {
                    throw AdministrationError.notFound(kind: "token", key: id.text)
                }
                try precondition.check(row.stored.revision)
                let sequence = try await self.revocation.note(id, by: principal.id, in: transaction)
                guard row.stored.spec.state == .active else { return (row.stored, sequence) }
                let rows = try await transaction.query(Statement("SELECT now() AS now"))
                var spec = row.stored.spec
                spec.state = .revoked
                spec.revokedAt = try rows.first.map { Int(try $0.milliseconds("now")) }
                try await TokenRepository.update(id, spec, in: transaction)
                try await AuditRepository.append(
                    AuditEntry(
                        actor: principal.id,
                        action: "revoke",
                        kind: ResourceKind.token.rawValue,
                        key: id.text,
                        requestID: principal.requestID
                    ),
                    in: transaction
                )
                guard let revoked = try await TokenRepository.read(id, in: transaction) else {
                    throw AdministrationError.notFound(kind: "token", key: id.text)
                }
                return (revoked.stored, sequence)
            }
        } catch {
            throw AdministrationError(error)
        }
    }
}
