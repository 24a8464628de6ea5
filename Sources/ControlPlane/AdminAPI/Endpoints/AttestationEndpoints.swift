import HTTPTypes
import Administration
import Catalog
import Contract
import Identity
import Wire

extension AdminEndpoints {
    static func attestations(_ attestations: Attestations) -> [AdminEndpoint] {
        let list = "/admin/v1/providers/{provider}/models/{model}/attestations"
        let one = "\(list)/{dialect}/{case}"
        return [
            AdminEndpoint(
                .get,
                list,
                role: .viewer,
                "List what is vouched for of a model",
                answers: [200: "AttestationPage"]
            ) { request in
                let items = try await attestations.list(of: request.modelKey())
                return AdminAnswer(
                    .ok,
                    ["data": .array(items.map(AdminEndpoints.attestation)), "next_cursor": .null]
                )
            },
            AdminEndpoint(
                .put,
                one,
                role: .admin,
                "Vouch for what a model can or cannot do, over what probes found",
                query: [.dryRun],
                body: .json(schema: "AttestationInput", isOptional: false),
                answers: [200: "Attestation", 201: "Attestation"]
            ) { request in
                let outcome = try await attestations.put(
                    request.evidenceKey(),
                    request.body,
                    by: request.principal,
                    dryRun: request.dryRun()
                )
                if outcome.isDryRun { return AdminAnswer(.ok, ResourceAnswers.changes(outcome)) }
                return AdminAnswer(
                    outcome.changes.contains { $0.action == .create } ? .created : .ok,
                    ResourceAnswers.adding(
                        [("snapshot_version", ResourceAnswers.number(outcome.snapshotVersion))],
                        to: AdminEndpoints.attestation(outcome.answer)
                    )
                )
            },
            AdminEndpoint(
                .delete,
                one,
                role: .admin,
                "Vouch no longer; what probes found stands again",
                query: [.dryRun],
                answers: [200: "Deleted"]
            ) { request in
                let outcome = try await attestations.delete(
                    request.evidenceKey(),
                    by: request.principal,
                    dryRun: request.dryRun()
                )
                return ResourceAnswers.deleted(outcome)
            },
        ]
    }

    private static func attestation(_ item: Attestations.Item) -> JSONValue {
        ResourceAnswers.adding(
            (item.spec.json.objectValue?.members.map { ($0.name, $0.value) } ?? []) + [("stands", .bool(item.stands))],
            to: .object(JSONObject(AdminEndpoints.names(of: item.key)))
        )
    }

    /// What evidence is about, as members of an answer.
    static func names(of key: EvidenceKey) -> [(String, JSONValue)] {
        [
            ("provider", .string(key.model.provider.text)), ("model", .string(key.model.model.text)),
            ("dialect", .string(key.dialect.rawValue)), ("case", .string(key.case.rawValue)),
        ]
    }
}
