import HTTPTypes
import Administration
import Catalog
import Identity
import Wire

extension AdminEndpoints {
    static func tokens(_ tokens: Tokens) -> [AdminEndpoint] {
        let list = "/admin/v1/tokens"
        let one = "/admin/v1/tokens/{token_id}"
        return [
            AdminEndpoint(
                .get,
                list,
                role: .viewer,
                "List caller tokens",
                query: [.limit, .cursor],
                answers: [200: "TokenPage"]
            ) { request in
                let page = try await tokens.list(
                    after: request.query.cursor(),
                    limit: request.query.limit(in: Page<Tokens.Item>.limitRange)
                )
                return ResourceAnswers.page(page, ResourceAnswers.token)
            },
            AdminEndpoint(
                .post,
                list,
                role: .operator,
                "Make a caller token",
                query: [.dryRun],
                body: .json(schema: "TokenInput", isOptional: false),
                answers: [200: "Changes", 201: "IssuedToken"]
            ) { request in
                AdminEndpoints.issued(
                    try await tokens.create(request.body, by: request.principal, dryRun: request.dryRun())
                )
            },
            AdminEndpoint(.get, one, role: .viewer, "Read a caller token", answers: [200: "Token"]) { request in
                let item = try await tokens.get(request.tokenID())
                return AdminAnswer(.ok, ResourceAnswers.token(item), revision: item.revision)
            },
            AdminEndpoint(
                .patch,
                one,
                role: .operator,
                "Change what a caller token may do, and until when",
                query: [.dryRun],
                takesPrecondition: true,
                body: .mergePatch(schema: "TokenPatch"),
                answers: [200: "Token"]
            ) { request in
                let outcome = try await tokens.patch(
                    request.tokenID(),
                    request.body,
                    if: request.precondition,
                    by: request.principal,
                    dryRun: request.dryRun()
                )
                return ResourceAnswers.written(outcome, ResourceAnswers.token)
            },
            AdminEndpoint(
                .post,
                "\(one)/rotate",
                role: .operator,
                "Replace a caller token by one of the same rights",
                query: [.dryRun],
                takesPrecondition: true,
                body: .json(schema: "TokenRotation", isOptional: true),
                answers: [200: "Changes", 201: "IssuedToken"]
            ) { request in
                AdminEndpoints.issued(
                    try await tokens.rotate(
                        request.tokenID(),
                        request.body,
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
                "Revoke a caller token for ever",
                query: [.dryRun],
                takesPrecondition: true,
                answers: [200: "RevokedToken"]
            ) { request in
                if try request.dryRun() {
                    return AdminAnswer(
                        .ok,
                        ResourceAnswers.changes(
                            try await tokens.revocation(
                                of: request.tokenID(),
                                if: request.precondition,
                                by: request.principal
                            )
                        )
                    )
                }
                let revoked = try await tokens.revoke(
                    request.tokenID(),
                    if: request.precondition,
                    by: request.principal
                )
                let pending = (revoked.progress?.pending ?? []).map { node -> JSONValue in
                    ["node": .string(node.node), "last_seen": ResourceAnswers.time(node.lastSeen.map { Int($0) })]
                }
                return AdminAnswer(
                    .ok,
                    [
                        "revoked": true, "nodes_known": .bool(revoked.progress != nil),
                        "acked": .array((revoked.progress?.acked ?? []).map { .string($0) }),
                        "pending": .array(pending),
                        "snapshot_version": ResourceAnswers.number(revoked.snapshotVersion),
                    ]
                )
            },
        ]
    }

    private static func issued(_ outcome: EditOutcome<IssuedToken>) -> AdminAnswer {
        if outcome.isDryRun { return AdminAnswer(.ok, ResourceAnswers.changes(outcome)) }
        let issued = outcome.answer
        return AdminAnswer(
            .created,
            ResourceAnswers.adding(
                [
                    ("snapshot_version", ResourceAnswers.number(outcome.snapshotVersion)),
                    ("token", .string(issued.token.withExposedText { $0 })),
                ],
                to: ResourceAnswers.token(issued.resource)
            ),
            revision: issued.resource.revision
        )
    }
}
