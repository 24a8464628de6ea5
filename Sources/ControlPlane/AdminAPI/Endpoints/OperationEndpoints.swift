import HTTPTypes
import Administration
import Catalog
import Identity
import Wire

extension AdminEndpoints {
    /// Apply and audit.
    static func operations(_ services: AdminServices) -> [AdminEndpoint] {
        [
            AdminEndpoint(
                .post,
                "/admin/v1/apply",
                role: .operator,
                "Make the configuration what a document says, as a whole or not at all",
                query: [.dryRun, .prune],
                body: .document(schema: "ApplyDocument"),
                answers: [200: "Changes"]
            ) { request in
                let outcome = try await services.apply.apply(
                    request.body,
                    prune: request.query.flag(.prune),
                    by: request.principal,
                    dryRun: request.dryRun()
                )
                return AdminAnswer(.ok, ResourceAnswers.changes(outcome))
            },
            AdminEndpoint(
                .get,
                "/admin/v1/audit",
                role: .viewer,
                "Who changed what, newest first",
                query: [.limit, .cursor],
                answers: [200: "AuditPage"]
            ) { request in
                let page = try await services.audit.list(
                    after: request.query.cursor(),
                    limit: request.query.limit(in: Page<AuditItem>.limitRange)
                )
                return ResourceAnswers.page(page) { item in
                    [
                        "sequence": .int(item.sequence), "at": ResourceAnswers.time(item.at),
                        "actor": .string(item.actor), "action": .string(item.action), "kind": .string(item.kind),
                        "key": .string(item.key), "change": item.change,
                        "request_id": item.requestID.map { .string($0.description) } ?? .null,
                        "hash": .string(item.hash.hex),
                    ]
                }
            },
        ]
    }
}
