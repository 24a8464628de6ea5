import HTTPTypes
import Administration
import Catalog
import Wire

extension AdminEndpoints {
    static func groups(_ groups: Groups) -> [AdminEndpoint] {
        let list = "/admin/v1/groups"
        let one = "/admin/v1/groups/{group}"
        return [
            AdminEndpoint(
                .get,
                list,
                role: .viewer,
                "List groups",
                query: [.limit, .cursor],
                answers: [200: "GroupPage"]
            ) { request in
                let page = try await groups.list(
                    after: request.query.cursor(),
                    limit: request.query.limit(in: Page<Groups.Item>.limitRange)
                )
                return ResourceAnswers.page(page, ResourceAnswers.group)
            },
            AdminEndpoint(.get, one, role: .viewer, "Read a group", answers: [200: "Group"]) { request in
                let item = try await groups.get(request.slug("group", kind: "group"))
                return AdminAnswer(.ok, ResourceAnswers.group(item), revision: item.revision)
            },
            AdminEndpoint(
                .put,
                one,
                role: .operator,
                "Create or replace a group",
                query: [.dryRun],
                takesPrecondition: true,
                body: .json(schema: "GroupInput", isOptional: false),
                answers: [200: "Group", 201: "Group"]
            ) { request in
                let outcome = try await groups.put(
                    request.newSlug("group"),
                    request.body(named: "group"),
                    if: request.precondition,
                    by: request.principal,
                    dryRun: request.dryRun()
                )
                return ResourceAnswers.written(outcome, ResourceAnswers.group)
            },
            AdminEndpoint(
                .patch,
                one,
                role: .operator,
                "Change some fields of a group",
                query: [.dryRun],
                takesPrecondition: true,
                body: .mergePatch(schema: "GroupInput"),
                answers: [200: "Group"]
            ) { request in
                let outcome = try await groups.patch(
                    request.slug("group", kind: "group"),
                    request.body,
                    if: request.precondition,
                    by: request.principal,
                    dryRun: request.dryRun()
                )
                return ResourceAnswers.written(outcome, ResourceAnswers.group)
            },
            AdminEndpoint(
                .delete,
                one,
                role: .operator,
                "Delete a group that nothing refers to",
                query: [.dryRun],
                takesPrecondition: true,
                answers: [200: "Deleted"]
            ) { request in
                let outcome = try await groups.delete(
                    request.slug("group", kind: "group"),
                    if: request.precondition,
                    by: request.principal,
                    dryRun: request.dryRun()
                )
                return ResourceAnswers.deleted(outcome)
            },
        ]
    }
}
