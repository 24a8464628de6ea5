import Catalog
import HTTPTypes
import Wire

/// Every endpoint of the admin API.
enum AdminEndpoints {
    static func all(_ services: AdminServices, isReady: @escaping @Sendable () async -> Bool) -> [AdminEndpoint] {
        let endpoints =
            AdminEndpoints.providers(services.providers) + AdminEndpoints.models(services.models)
            + AdminEndpoints.attestations(services.attestations) + AdminEndpoints.validations(services.validations)
            + AdminEndpoints.groups(services.groups) + AdminEndpoints.tokens(services.tokens)
            + AdminEndpoints.admins(services.admins) + AdminEndpoints.nodes(services)
            + AdminEndpoints.snapshots(services.snapshots) + AdminEndpoints.operations(services)
            + AdminEndpoints.health(isReady)
        // The document describes itself too; only its own handler is missing when it is made.
        let described = endpoints + [AdminEndpoints.document { _ in AdminAnswer(.ok, [:]) }]
        let document = OpenAPIDocument.make(described)
        return endpoints + [AdminEndpoints.document { _ in AdminAnswer(.ok, document) }]
    }

    private static func document(
        _ handle: @escaping @Sendable (AdminRequest) async throws -> AdminAnswer
    ) -> AdminEndpoint {
        AdminEndpoint(
            .get,
            "/admin/v1/openapi.json",
            role: .viewer,
            "This description",
            answers: [200: "OpenAPI"],
            handle: handle
        )
    }

    private static func health(_ isReady: @escaping @Sendable () async -> Bool) -> [AdminEndpoint] {
        [
            AdminEndpoint(.get, "/livez", role: nil, "Whether the process runs", answers: [200: "Status"]) { _ in
                AdminAnswer(.ok, ["status": "ok"])
            },
            AdminEndpoint(.get, "/readyz", role: nil, "Whether the database answers", answers: [200: "Status"]) { _ in
                guard await isReady() else {
                    throw AdminFault(
                        status: .serviceUnavailable,
                        code: "not-ready",
                        message: "the database does not answer",
                        retryAfter: 2
                    )
                }
                return AdminAnswer(.ok, ["status": "ok"])
            },
        ]
    }
}
