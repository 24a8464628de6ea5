import Administration
import Catalog
import HTTPTypes
import Identity
import Wire

extension AdminEndpoints {
    static func admins(_ admins: Admins) -> [AdminEndpoint] {
        let list = "/admin/v1/admins"
        let one = "/admin/v1/admins/{admin}"
        return [
            AdminEndpoint(
                .get,
                list,
                role: .viewer,
                "List administrators",
                query: [.limit, .cursor],
                answers: [200: "AdminPage"]
            ) { request in
                let page = try await admins.list(
                    after: request.query.cursor(),
                    limit: request.query.limit(in: Page<Admins.Item>.limitRange)
                )
                return ResourceAnswers.page(page, ResourceAnswers.admin)
            },
            AdminEndpoint(
                .post,
                list,
                role: .operator,
                "Make an administrator of at most the own role",
                query: [.dryRun],
                body: .json(schema: "AdminInput", isOptional: false),
                answers: [200: "Changes", 201: "IssuedAdmin"]
            ) { request in
                AdminEndpoints.issued(
                    .created,
                    try await admins.create(request.body, by: request.principal, dryRun: request.dryRun())
                )
            },
            AdminEndpoint(.get, one, role: .viewer, "Read an administrator", answers: [200: "Admin"]) { request in
                let item = try await admins.get(request.slug("admin", kind: "admin"))
                return AdminAnswer(.ok, ResourceAnswers.admin(item), revision: item.revision)
            },
            AdminEndpoint(
                .patch,
                one,
                role: .operator,
                "Change an administrator of at most the own role",
                query: [.dryRun],
                takesPrecondition: true,
                body: .mergePatch(schema: "AdminPatch"),
                answers: [200: "Admin"]
            ) { request in
                let outcome = try await admins.patch(
                    request.slug("admin", kind: "admin"),
                    request.body,
                    if: request.precondition,
                    by: request.principal,
                    dryRun: request.dryRun()
                )
                if outcome.isDryRun { return AdminAnswer(.ok, ResourceAnswers.changes(outcome)) }
                return AdminAnswer(
                    .ok,
                    ResourceAnswers.admin(outcome.answer),
                    revision: outcome.answer.revision
                )
            },
            AdminEndpoint(
                .post,
                "\(one)/rotate",
                role: .operator,
                "Replace an administrator's token at once",
                query: [.dryRun],
                takesPrecondition: true,
                body: .json(schema: "Empty", isOptional: true),
                answers: [200: "IssuedAdmin"]
            ) { request in
                try JSONMembers(request.body).refuseUnknown()
                return AdminEndpoints.issued(
                    .ok,
                    try await admins.rotate(
                        request.slug("admin", kind: "admin"),
                        if: request.precondition,
                        by: request.principal,
                        dryRun: request.dryRun()
                    )
                )
            },
            AdminEndpoint(
                .delete,
                one,
                role: .operator,
                "Delete an administrator of at most the own role",
                query: [.dryRun],
                takesPrecondition: true,
                answers: [200: "Deleted"]
            ) { request in
                let outcome = try await admins.delete(
                    request.slug("admin", kind: "admin"),
                    if: request.precondition,
                    by: request.principal,
                    dryRun: request.dryRun()
                )
                if outcome.isDryRun { return AdminAnswer(.ok, ResourceAnswers.changes(outcome)) }
                return AdminAnswer(.ok, ["deleted": true])
            },
        ]
    }

    private static func issued(
        _ status: HTTPResponse.Status,
        _ outcome: EditOutcome<Admins.Issued>
    ) -> AdminAnswer {
        if outcome.isDryRun { return AdminAnswer(.ok, ResourceAnswers.changes(outcome)) }
        let issued = outcome.answer
        return AdminAnswer(
            status,
            ResourceAnswers.adding(
                [("token", .string(issued.token.withExposedText { $0 }))],
                to: ResourceAnswers.admin(issued.resource)
            ),
            revision: issued.resource.revision
        )
    }
}
