import HTTPTypes
import Administration
import Catalog
import Contract
import Identity
import Wire

extension AdminEndpoints {
    /// Validations and the evidence that stands.
    static func validations(_ validations: Validations) -> [AdminEndpoint] {
        let list = "/admin/v1/validations"
        return [
            AdminEndpoint(
                .post,
                list,
                role: .operator,
                "Find out what a model can do",
                body: .json(schema: "ValidationInput", isOptional: false),
                answers: [202: "ValidationDetail"]
            ) { request in
                let detail = try await validations.request(request.body, by: request.principal)
                return AdminAnswer(.accepted, EvidenceAnswers.detail(detail))
            },
            AdminEndpoint(
                .get,
                list,
                role: .viewer,
                "List validations, newest first",
                query: [.limit, .cursor],
                answers: [200: "ValidationPage"]
            ) { request in
                let page = try await validations.list(
                    after: request.query.cursor(),
                    limit: request.query.limit(in: Page<ValidationRun>.limitRange)
                )
                return ResourceAnswers.page(page, EvidenceAnswers.run)
            },
            AdminEndpoint(
                .get,
                "\(list)/{validation}",
                role: .viewer,
                "Read a validation and what it found",
                answers: [200: "ValidationDetail"]
            ) { request in
                let detail = try await validations.get(request.number("validation", kind: "validation"))
                return AdminAnswer(.ok, EvidenceAnswers.detail(detail))
            },
            AdminEndpoint(
                .get,
                "/admin/v1/evidence",
                role: .viewer,
                "What stands on what models can do, whoever says so",
                query: [.provider, .model, .limit, .cursor],
                answers: [200: "EvidencePage"]
            ) { request in
                let page = try await validations.standing(
                    provider: request.query.slug(.provider),
                    model: request.query.slug(.model),
                    after: request.query.cursor(),
                    limit: request.query.limit(in: Page<Validations.Standing>.limitRange)
                )
                return ResourceAnswers.page(page, EvidenceAnswers.standing)
            },
        ]
    }
}
