import HTTPTypes
import Administration
import Catalog
import Wire

extension AdminEndpoints {
    static func models(_ models: Models) -> [AdminEndpoint] {
        let list = "/admin/v1/providers/{provider}/models"
        let one = "/admin/v1/providers/{provider}/models/{model}"
        return [
            AdminEndpoint(
                .get,
                list,
                role: .viewer,
                "List models",
                query: [.limit, .cursor],
                answers: [200: "ModelPage"]
            ) { request in
                let page = try await models.list(
                    of: request.slug("provider", kind: "provider"),
                    after: request.query.cursor(),
                    limit: request.query.limit(in: Page<Models.Item>.limitRange)
                )
                return ResourceAnswers.page(page, ResourceAnswers.model)
            },
            AdminEndpoint(.get, one, role: .viewer, "Read a model", answers: [200: "Model"]) { request in
                let item = try await models.get(request.modelKey())
                return AdminAnswer(.ok, ResourceAnswers.model(item), revision: item.revision)
            },
            AdminEndpoint(
                .put,
                one,
                role: .operator,
                "Create or replace a model",
                query: [.dryRun],
                takesPrecondition: true,
                body: .json(schema: "ModelInput", isOptional: false),
                answers: [200: "Model", 201: "Model"]
            ) { request in
                let outcome = try await models.put(
                    request.newModelKey(),
                    request.body(named: "model"),
                    if: request.precondition,
                    by: request.principal,
                    dryRun: request.dryRun()
                )
                return ResourceAnswers.written(outcome, ResourceAnswers.model)
            },
            AdminEndpoint(
                .patch,
                one,
                role: .operator,
                "Change some fields of a model",
                query: [.dryRun],
                takesPrecondition: true,
                body: .mergePatch(schema: "ModelInput"),
                answers: [200: "Model"]
            ) { request in
                let outcome = try await models.patch(
                    request.modelKey(),
                    request.body,
                    if: request.precondition,
                    by: request.principal,
                    dryRun: request.dryRun()
                )
                return ResourceAnswers.written(outcome, ResourceAnswers.model)
            },
            AdminEndpoint(
                .delete,
                one,
                role: .operator,
                "Delete a model that nothing refers to",
                query: [.dryRun],
                takesPrecondition: true,
                answers: [200: "Deleted"]
            ) { request in
                let outcome = try await models.delete(
                    request.modelKey(),
                    if: request.precondition,
                    by: request.principal,
                    dryRun: request.dryRun()
                )
                return ResourceAnswers.deleted(outcome)
            },
        ]
    }
}
