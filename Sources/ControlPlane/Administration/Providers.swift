package import Catalog
package import Identity
import Storage
package import Wire

/// What administrators do with providers.
package struct Providers: Sendable {
    package typealias Item = Resource<Slug, ProviderSpec>

    private let editor: ConfigurationEditor

    package init(_ editor: ConfigurationEditor) {
        self.editor = editor
    }

    package func list(after cursor: PageCursor?, limit: Int) async throws(AdministrationError) -> Page<Item> {
        let all = try await self.editor.read { try await ProviderRepository.all(in: $0) }
        let items = Dictionary(uniqueKeysWithValues: all.map { ($0, Item(key: $0, stored: $1)) })
        return Page(of: items, after: cursor, limit: limit, text: \.text)
    }

    package func get(_ id: Slug) async throws(AdministrationError) -> Item {
        let all = try await self.editor.read { try await ProviderRepository.all(in: $0) }
        guard let stored = all[id] else { throw .notFound(kind: "provider", key: id.text) }
        return Item(key: id, stored: stored)
    }

    /// Creates or replaces; a secret that is not sent stays, unless the provider moves to another origin.
    package func put(
        _ id: Slug,
        _ body: JSONValue,
        if precondition: WritePrecondition,
        by principal: AdminPrincipal,
        dryRun: Bool
    ) async throws(AdministrationError) -> EditOutcome<Item> {
        try await self.write(id, precondition, principal, dryRun) { _ in try ProviderInput(body) }
    }

    /// Lays a JSON merge patch over it.
    package func patch(
        _ id: Slug,
        _ body: JSONValue,
        if precondition: WritePrecondition,
        by principal: AdminPrincipal,
        dryRun: Bool
    ) async throws(AdministrationError) -> EditOutcome<Item> {
        try await self.write(id, precondition, principal, dryRun) { present in
            guard let present else { throw AdministrationError.notFound(kind: "provider", key: id.text) }
            return try ProviderInput(patch: body, over: present)
        }
    }

    package func delete(
        _ id: Slug,
        if precondition: WritePrecondition,
        by principal: AdminPrincipal,
        dryRun: Bool
    ) async throws(AdministrationError) -> EditOutcome<Void> {
        let name = ResourceName(.provider, id.text)
        return try await self.editor.edit(by: principal, reason: "delete \(name)", dryRun: dryRun) { edit, _ in
            guard let present = edit.stored.providers[id] else {
                throw AdministrationError.notFound(kind: "provider", key: id.text)
            }
            try precondition.check(present.revision)
            let references = edit.configuration.references(to: name)
            guard references.isEmpty else { throw AdministrationError.referenced(name, by: references) }
            edit.configuration.providers[id] = nil
        }
    }

    private func write(
        _ id: Slug,
        _ precondition: WritePrecondition,
        _ principal: AdminPrincipal,
        _ dryRun: Bool,
        _ input: (ProviderSpec?) throws -> ProviderInput
    ) async throws(AdministrationError) -> EditOutcome<Item> {
        let name = ResourceName(.provider, id.text)
        return try await self.editor.edit(by: principal, reason: "write \(name)", dryRun: dryRun) { edit, _ in
            let present = edit.stored.providers[id]
            try precondition.check(present?.revision)
            edit.subject = name
            edit.put(id, try input(present?.spec).settled(over: present?.spec))
            guard let spec = edit.configuration.providers[id] else {
                throw AdministrationError.internalError("\(name) was not put")
            }
            return Item(key: id, stored: edit.row(present, spec))
        }
    }
}
