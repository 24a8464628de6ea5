package import Catalog
import Contract
import Identity
import Storage
package import Wire

/// What administrators vouch for.
package struct Attestations: Sendable {
    package struct Item: Sendable {
        package let key: EvidenceKey
        package let spec: AttestationSpec
        /// False when the endpoint or the upstream model is another by now, or its time is over.
        package let stands: Bool
    }

    private let editor: ConfigurationEditor

    package init(_ editor: ConfigurationEditor) {
        self.editor = editor
    }

    /// Those of one model, in the order of dialects and cases.
    package func list(of model: ModelKey) async throws(AdministrationError) -> [Item] {
        let (configuration, now) = try await self.editor.models()
        guard configuration.models[model] != nil else { throw .notFound(kind: "model", key: model.description) }
        return configuration.attestations.filter { $0.key.model == model }.sorted { $0.key < $1.key }
            .map { Attestations.item($0.key, $0.value, configuration, now) }
    }

    /// Creates or replaces.
    package func put(
        _ key: EvidenceKey,
        _ body: JSONValue,
        by principal: AdminPrincipal,
        dryRun: Bool
    ) async throws(AdministrationError) -> EditOutcome<Item> {
        let name = ResourceName(.attestation, key.description)
        return try await self.editor.edit(by: principal, reason: "write \(name)", dryRun: dryRun) { edit, _ in
            let input = try AttestationInput(body)
            guard edit.configuration.models[key.model] != nil else {
                throw AdministrationError.notFound(kind: "model", key: key.model.description)
            }
            guard input.expiresAt.map({ $0 > edit.now }) ?? true else {
                throw JSONShapeError(field: "expires_at", problem: "has passed")
            }
            edit.subject = name
            guard edit.configuration.attest(key, input, by: principal.id, at: edit.now),
                let spec = edit.configuration.attestations[key]
            else {
                throw AdministrationError.badParameter(
                    JSONShapeError(field: "dialect", problem: "is not a dialect of the provider")
                )
            }
            return Attestations.item(key, spec, edit.configuration, edit.now)
        }
    }

    package func delete(
        _ key: EvidenceKey,
        by principal: AdminPrincipal,
        dryRun: Bool
    ) async throws(AdministrationError) -> EditOutcome<Void> {
        let name = ResourceName(.attestation, key.description)
        return try await self.editor.edit(by: principal, reason: "delete \(name)", dryRun: dryRun) { edit, _ in
            guard edit.configuration.attestations[key] != nil else {
                throw AdministrationError.notFound(kind: name.kind.rawValue, key: name.key)
            }
            edit.configuration.attestations[key] = nil
        }
    }

    private static func item(
        _ key: EvidenceKey,
        _ spec: AttestationSpec,
        _ configuration: Configuration,
        _ now: Int
    ) -> Item {
        let isCurrent = spec.endpoint == configuration.endpoint(of: key.model, in: key.dialect)
        return Item(key: key, spec: spec, stands: isCurrent && (spec.expiresAt.map { $0 > now } ?? true))
    }
}
