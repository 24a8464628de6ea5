import Catalog
import HTTPTypes
import Administration
import Contract
import Identity
import Wire

extension AdminEndpoints {
    static func nodes(_ services: AdminServices) -> [AdminEndpoint] {
        [
            AdminEndpoint(
                .get,
                "/admin/v1/nodes",
                role: .viewer,
                "List the nodes of the cluster, what they run and what they made of the last snapshot",
                answers: [200: "NodePage"]
            ) { _ in
                let nodes = try await services.nodes.all()
                return AdminAnswer(.ok, ["data": .array(nodes.map(AdminEndpoints.node)), "next_cursor": .null])
            },
            AdminEndpoint(
                .delete,
                "/admin/v1/nodes/{node}",
                role: .admin,
                "Remove a node: its polls are refused from now on",
                answers: [200: "Deleted"]
            ) { request in
                let id = request.parameters["node"] ?? ""
                let isRemoved = try await services.enrolment.remove(
                    node: id,
                    by: request.principal.id,
                    requestID: request.principal.requestID
                )
                guard isRemoved else { throw AdministrationError.notFound(kind: "node", key: "of that id") }
                return AdminAnswer(.ok, ["deleted": true])
            },
            AdminEndpoint(
                .post,
                "/admin/v1/join-tokens",
                role: .admin,
                "Make a token with which one node may join",
                body: .json(schema: "JoinTokenInput", isOptional: true),
                answers: [201: "JoinToken"]
            ) { request in
                var members = try JSONMembers(request.body)
                let seconds =
                    try members.optionalInt("valid_seconds", in: NodeEnrolment.validityRange)
                    ?? NodeEnrolment.defaultValidity
                try members.refuseUnknown()
                let invitation = try await services.enrolment.invite(
                    validFor: seconds,
                    by: request.principal.id,
                    requestID: request.principal.requestID
                )
                return AdminAnswer(
                    .created,
                    [
                        "id": .string(invitation.id), "token": .string(invitation.token.withExposedText { $0 }),
                        "expires_at": ResourceAnswers.time(Int(invitation.expiresAt)),
                    ]
                )
            },
        ]
    }

    private static func node(_ node: NodeStatus) -> JSONValue {
        var verdict = JSONValue.null
        if let last = node.verdict {
            verdict = ResourceAnswers.adding(
                [("at", ResourceAnswers.time(node.verdictAt.map { Int($0) }))],
                to: last.json
            )
        }
        return [
            "id": .string(node.id), "name": .string(node.name), "joined_at": ResourceAnswers.time(Int(node.joinedAt)),
            "last_seen": ResourceAnswers.time(node.lastPoll.map { Int($0) }), "running": node.running?.json ?? .null,
            "verdict": verdict, "clock_skew_ms": ResourceAnswers.number(node.clockSkew),
            "built_by": node.builtBy.map { .string($0) } ?? .null, "targets": .array(node.targets.map(\.json)),
        ]
    }
}
