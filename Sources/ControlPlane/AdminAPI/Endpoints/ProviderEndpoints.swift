import HTTPTypes
import Administration
import Catalog
import Wire

extension AdminEndpoints {
    static func providers(_ providers: Providers) -> [AdminEndpoint] {
        let list = "/admin/v1/providers"
        let one = "/admin/v1/providers/{provider}"
        return [
            AdminEndpoint(
                .get,
                list,
                role: .viewer,
                "List providers",
                query: [.limit, .cursor],
                answers: [200: "ProviderPage"]
            ) { request in
                let page = try await providers.list(
                    after: request.query.cursor(),
                    limit: request.query.limit(in: Page<Providers.Item>.limitRange)
                )
                return ResourceAnswers.page(page, ResourceAnswers.provider)
            },
            AdminEndpoint(.get, one, role: .viewer, "Read a provider", answers: [200: "Provider"]) { request in
                let item = try await providers.get(request.slug("provider", kind: "provider"))
                return AdminAnswer(.ok, ResourceAnswers.provider(item), revision: item.revision)
            },
            AdminEndpoint(
                .put,
                one,
                role: .operator,
                "Create or replace a provider",
                query: [.dryRun],
                takesPrecondition: true,
                body: .json(schema: "ProviderInput", isOptional: false),
                answers: [200: "Provider", 201: "Provider"]
            ) { request in
                let outcome = try await providers.put(
                    request.newSlug("provider"),
                    request.body(named: "provider"),
                    if: request.precondition,
                    by: request.principal,
                    dryRun: request.dryRun()
                )
                return ResourceAnswers.written(outcome, ResourceAnswers.provider)
            },
            AdminEndpoint(
                .patch,
                one,
                role: .operator,
                "Change some fields of a provider",
                query: [.dryRun],
                takesPrecondition: true,
                body: .mergePatch(schema: "ProviderInput"),
                answers: [200: "Provider"]
            ) { request in
                let outcome = try await providers.patch(
                    request.slug("provider", kind: "provider"),
                    request.body,
                    if: request.precondition,
                    by: request.principal,
                    dryRun: request.dryRun()
                )
                return ResourceAnswers.written(outcome, ResourceAnswers.provider)
            },
            AdminEndpoint(
                .delete,
                one,
                role: .operator,
                "Delete a provider that nothing refers to",
                query: [.dryRun],
                takesPrecondition: true,
                answers: [200: "Deleted"]
            ) { request in
                let outcome = try await providers.delete(
                    request.slug("provider", kind: "provider"),
                    if: request.precondition,
                    by: request.principal,
                    dryRun: request.dryRun()
                )
                return ResourceAnswers.deleted(outcome)
            },
        ]
    }
}
