import Catalog
import Identity
package import Wire

/// Makes the configuration what a document says.
package struct DeclarativeApply: Sendable {
    private let editor: ConfigurationEditor

    package init(_ editor: ConfigurationEditor) {
        self.editor = editor
    }

    /// Applies the document as a whole or not at all; `prune` adds to what the document itself says.
    package func apply(
        _ body: JSONValue,
        prune: Bool,
        by principal: AdminPrincipal,
        dryRun: Bool
    ) async throws(AdministrationError) -> EditOutcome<Void> {
        var document: ApplyDocument
        do { document = try ApplyDocument(body) } catch { throw .malformed(error) }
        document.prune = document.prune || prune
        let read = document
        return try await self.editor.edit(by: principal, reason: "apply", dryRun: dryRun) { edit, _ in
            let before = edit.configuration
            let whole = try read.settled(over: before)
            edit.apply(whole, by: principal.id)
            try DeclarativeApply.checkAttestations(whole, from: before, to: edit.configuration, by: principal, edit.now)
            try DeclarativeApply.checkReferences(from: before, to: edit.configuration)
        }
    }

    /// Only administrators vouch, and for a time that is not over.
    private static func checkAttestations(
        _ document: ApplyDocument,
        from before: Configuration,
        to after: Configuration,
        by principal: AdminPrincipal,
        _ now: Int
    ) throws(AdministrationError) {
        for (model, inputs) in document.attestations.sorted(by: { $0.key < $1.key }) {
            let keys = Set(before.attestations.keys.filter { $0.model == model }).union(inputs.keys)
            guard principal.role >= .admin || keys.allSatisfy({ before.attestations[$0] == after.attestations[$0] })
            else { throw .forbidden(needed: .admin) }
            for (key, input) in inputs where before.attestations[key] != after.attestations[key] {
                guard input.expiresAt.map({ $0 > now }) ?? true else {
                    throw .malformed(
                        JSONShapeError(
                            field: "providers.\(model.provider).models.\(model.model).attestations",
                            problem: "holds an expires_at that has passed"
                        )
                    )
                }
            }
        }
    }

    /// Refuses to delete what something that stays still names.
    private static func checkReferences(
        from before: Configuration,
        to after: Configuration
    ) throws(AdministrationError) {
        let diff = ConfigurationDiff(from: before, to: after)
        let deleted =
            diff.groups.deleted.map { ResourceName(.group, $0.text) }
            + diff.models.deleted.map { ResourceName(.model, $0.description) }
            + diff.providers.deleted.map { ResourceName(.provider, $0.text) }
        for name in deleted {
            let references = after.references(to: name)
            guard references.isEmpty else { throw .referenced(name, by: references) }
        }
    }
}
