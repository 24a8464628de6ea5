package import Catalog
package import Identity
import Storage
package import Wire

/// What administrators do with the models of providers.
package struct Models: Sendable {
    package typealias Item = Resource<ModelKey, ModelSpec>

    private let editor: ConfigurationEditor

    package init(_ editor: ConfigurationEditor) {
        self.editor = editor
    }

    /// The models of one provider.
    package func list(
        of provider: Slug,
        after cursor: PageCursor?,
        limit: Int
    ) async throws(AdministrationError) -> Page<Item> {
        let (known, all) = try await self.editor.read { transaction in
            let known = try await ProviderRepository.all(in: transaction)[provider] != nil
            return (known, try await ModelRepository.all(in: transaction))
        }
        guard known else { throw .notFound(kind: "provider", key: provider.text) }
        let items = all.filter { $0.key.provider == provider }.map { ($0, Item(key: $0, stored: $1)) }
        return Page(of: Dictionary(uniqueKeysWithValues: items), after: cursor, limit: limit, text: \.model.text)
    }

    package func get(_ key: ModelKey) async throws(AdministrationError) -> Item {
        let all = try await self.editor.read { try await ModelRepository.all(in: $0) }
        guard let stored = all[key] else { throw .notFound(kind: "model", key: key.description) }
        return Item(key: key, stored: stored)
    }

    /// Creates or replaces; throws `notFound` when there is no such provider.
    package func put(
        _ key: ModelKey,
        _ body: JSONValue,
        if precondition: WritePrecondition,
        by principal: AdminPrincipal,
        dryRun: Bool
    ) async throws(AdministrationError) -> EditOutcome<Item> {
        try await self.write(key, precondition, principal, dryRun) { _ in try ModelSpec(body) }
    }

    /// Lays a JSON merge patch over it.
    package func patch(
        _ key: ModelKey,
        _ body: JSONValue,
        if precondition: WritePrecondition,
        by principal: AdminPrincipal,
        dryRun: Bool
    ) async throws(AdministrationError) -> EditOutcome<Item> {
        try await self.write(key, precondition, principal, dryRun) { present in
            guard let present else { throw AdministrationError.notFound(kind: "model", key: key.description) }
            return try ModelSpec(patch: body, over: present)
        }
    }

    package func delete(
        _ key: ModelKey,
        if precondition: WritePrecondition,
        by principal: AdminPrincipal,
        dryRun: Bool
    ) async throws(AdministrationError) -> EditOutcome<Void> {
        let name = ResourceName(.model, key.description)
        return try await self.editor.edit(by: principal, reason: "delete \(name)", dryRun: dryRun) { edit, _ in
            guard let present = edit.stored.models[key] else {
                throw AdministrationError.notFound(kind: "model", key: key.description)
            }
            try precondition.check(present.revision)
            let references = edit.configuration.references(to: name)
            guard references.isEmpty else { throw AdministrationError.referenced(name, by: references) }
            edit.configuration.models[key] = nil
        }
    }

    private func write(
        _ key: ModelKey,
        _ precondition: WritePrecondition,
        _ principal: AdminPrincipal,
        _ dryRun: Bool,
        _ spec: (ModelSpec?) throws -> ModelSpec
    ) async throws(AdministrationError) -> EditOutcome<Item> {
        let name = ResourceName(.model, key.description)
        return try await self.editor.edit(by: principal, reason: "write \(name)", dryRun: dryRun) { edit, _ in
            guard edit.stored.providers[key.provider] != nil else {
                throw AdministrationError.notFound(kind: "provider", key: key.provider.text)
            }
            let present = edit.stored.models[key]
            try precondition.check(present?.revision)
            edit.subject = name
            let spec = try spec(present?.spec).settled(over: present?.spec)
            edit.configuration.models[key] = spec
            return Item(key: key, stored: edit.row(present, spec))
        }
    }
}
