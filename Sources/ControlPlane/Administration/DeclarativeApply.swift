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
        let whole = document
        return try await self.editor.edit(by: principal, reason: "apply", dryRun: dryRun) { edit, _ in
            let before = edit.configuration
            edit.apply(whole)
            try DeclarativeApply.checkReferences(from: before, to: edit.configuration)
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
