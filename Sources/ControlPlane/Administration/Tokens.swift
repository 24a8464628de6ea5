package import Catalog
import Contract
package import Identity
import Postgres
import Sealing
import Storage
package import Wire

/// What administrators do with caller tokens.
package struct Tokens: Sendable {
    package typealias Item = Resource<TokenID, TokenSpec>

    let editor: ConfigurationEditor
    let policy: TokenPolicy
    let revocation: TokenRevocation

    /// `revocation` finds out who knows of a revocation, by the editor's own pool unless it is given.
    package init(_ editor: ConfigurationEditor, policy: TokenPolicy, revocation: TokenRevocation? = nil) {
        self.editor = editor
        self.policy = policy
        self.revocation = revocation ?? TokenRevocation(pool: editor.pool)
    }

    package func list(after cursor: PageCursor?, limit: Int) async throws(AdministrationError) -> Page<Item> {
        let rows = try await self.editor.read { transaction in
            try await TokenRepository.page(after: cursor?.lastKey, limit: limit + 1, in: transaction)
        }
        let items = rows.map { Item(key: $0.id, stored: $0.row.stored) }
        return Page(reading: items, limit: limit, key: \.key.text)
    }

    package func get(_ id: TokenID) async throws(AdministrationError) -> Item {
        let row = try await self.editor.read { try await TokenRepository.read(id, in: $0) }
        guard let row else { throw .notFound(kind: "token", key: id.text) }
        return Item(key: id, stored: row.stored)
    }

    /// Makes a token; its secret is in the answer and nowhere else.
    ///
    /// A dry run's token is never stored and opens nothing.
    package func create(
        _ body: JSONValue,
        by principal: AdminPrincipal,
        dryRun: Bool
    ) async throws(AdministrationError) -> EditOutcome<IssuedToken> {
        try await self.editor.edit(by: principal, reason: "create token", dryRun: dryRun) { edit, _ in
            let creation = try TokenCreation(body, policy: self.policy, now: edit.now)
            let present = edit.configuration.tokens
            let id = creation.id(deployment: self.editor.deployment, now: edit.now) { present[$0] != nil }
            guard let id else { throw self.taken(creation) }
            return try self.issue(id, creation.spec, &edit)
        }
    }

    package func patch(
        _ id: TokenID,
        _ body: JSONValue,
        if precondition: WritePrecondition,
        by principal: AdminPrincipal,
        dryRun: Bool
    ) async throws(AdministrationError) -> EditOutcome<Item> {
        let name = ResourceName(.token, id.text)
        return try await self.editor.edit(by: principal, reason: "write \(name)", dryRun: dryRun) { edit, _ in
            let present = try self.active(id, precondition, edit)
            edit.subject = name
            let spec = try TokenSpec(patch: body, over: present.spec, policy: self.policy, now: edit.now)
            edit.configuration.tokens[id] = spec
            return Item(key: id, stored: edit.row(present, spec))
        }
    }

    /// The row of a token that may still be changed.
    func active(
        _ id: TokenID,
        _ precondition: WritePrecondition,
        _ edit: ConfigurationEdit
    ) throws(AdministrationError) -> Stored<TokenSpec> {
        guard let present = edit.stored.tokens[id]?.stored else { throw .notFound(kind: "token", key: id.text) }
        try precondition.check(present.revision)
        guard present.spec.state == .active else {
            throw .conflict(code: "token-revoked", message: "token \(id.text) is revoked and cannot be changed")
        }
        return present
    }

    func issue(
        _ id: TokenID,
        _ spec: TokenSpec,
        _ edit: inout ConfigurationEdit
    ) throws(AdministrationError) -> IssuedToken {
        guard let pepper = self.editor.cluster.peppers[self.editor.cluster.currentPepper] else {
            throw .internalError("the current pepper is missing")
        }
        let token = CallerToken.issue(for: id, randomByte: SecureRandom.byte)
        edit.configuration.tokens[id] = spec
        edit.configuration.tokenCredentials[id] = TokenCredential(
            code: TokenCode.code(of: token, pepper: pepper),
            pepper: self.editor.cluster.currentPepper
        )
        edit.subject = ResourceName(.token, id.text)
        return IssuedToken(resource: Item(key: id, stored: edit.row(nil, spec)), token: token)
    }

    private func taken(_ creation: TokenCreation) -> AdministrationError {
        .malformed(JSONShapeError(field: "key", problem: "is taken: a key name is used once and for ever"))
    }
}
