import Catalog
import HTTPTypes
import Wire

/// The OpenAPI 3.1 description of the admin API, made from its endpoints and schemas.
enum OpenAPIDocument {
    static func make(_ endpoints: [AdminEndpoint]) -> JSONValue {
        var paths = JSONObject()
        for endpoint in endpoints {
            var item = paths[endpoint.path.text]?.objectValue ?? JSONObject()
            item[endpoint.method.rawValue.lowercased()] = OpenAPIDocument.operation(endpoint)
            paths[endpoint.path.text] = .object(item)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Router admin API", "version": "1",
                "description":
                    "Lists page by cursor. Writes answer with the snapshot version that contains them, and with ?dry_run=true only tell what would change. If-Match with the ETag of a read refuses a lost update.",
            ],
            "security": [["admin": []]],
            "paths": .object(paths),
            "components": [
                "securitySchemes": [
                    "admin": ["type": "http", "scheme": "bearer", "description": "an administrator's token, rta_…"]
                ],
                "schemas": .object(JSONObject(ResourceSchemas.all)),
            ],
        ]
    }

    private static func operation(_ endpoint: AdminEndpoint) -> JSONValue {
        var operation = JSONObject([("summary", .string(endpoint.summary))])
        operation["operationId"] = .string(OpenAPIDocument.name(of: endpoint))
        if let role = endpoint.role {
            operation["description"] = .string("Needs the role \(role.rawValue).")
        } else {
            operation["security"] = []
        }
        var parameters = endpoint.path.parameterNames.map { name -> JSONValue in
            ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]
        }
        parameters += endpoint.query.map { parameter -> JSONValue in
            ["name": .string(parameter.name), "in": "query", "schema": OpenAPIDocument.schema(of: parameter)]
        }
        if endpoint.takesPrecondition {
            parameters += ["If-Match", "If-None-Match"].map { name -> JSONValue in
                ["name": .string(name), "in": "header", "schema": ["type": "string"]]
            }
        }
        if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
        operation["requestBody"] = OpenAPIDocument.body(endpoint.body)
        var answers = JSONObject()
        for (status, schema) in endpoint.answers.sorted(by: { $0.key < $1.key }) {
            answers[String(status)] = OpenAPIDocument.answer("done", schema)
        }
        answers["400"] = OpenAPIDocument.answer("the body cannot be read, or something outside it is wrong", "Error")
        if endpoint.body != .none {
            answers["422"] = OpenAPIDocument.answer(
                "a field of the body is wrong, or the configuration would not be sound",
                "Error"
            )
        }
        answers["default"] = OpenAPIDocument.answer("an error", "Error")
        operation["responses"] = .object(answers)
        return .object(operation)
    }

    private static func answer(_ description: String, _ schema: String) -> JSONValue {
        [
            "description": .string(description),
            "content": ["application/json": ["schema": Schema.reference(schema)]],
        ]
    }

    private static func body(_ body: AdminEndpoint.Body) -> JSONValue? {
        func content(_ types: [String], _ schema: String, required: Bool) -> JSONValue {
            [
                "required": .bool(required),
                "content": .object(JSONObject(types.map { ($0, ["schema": Schema.reference(schema)]) })),
            ]
        }
        switch body {
        case .none: return Optional<JSONValue>.none
        case .json(let schema, let isOptional): return content(["application/json"], schema, required: !isOptional)
        case .mergePatch(let schema):
            return content(["application/merge-patch+json", "application/json"], schema, required: true)
        case .document(let schema): return content(["application/json", "application/yaml"], schema, required: true)
        }
    }

    private static func schema(of parameter: AdminParameter) -> JSONValue {
        switch parameter {
        case .limit: Schema.integer(1...500)
        case .cursor: Schema.text()
        case .dryRun, .prune: Schema.boolean()
        case .against: Schema.integer(1...Int.max)
        case .provider, .model: Schema.slug
        }
    }

    /// `get_providers_provider`: unique, for each path has a method once.
    private static func name(of endpoint: AdminEndpoint) -> String {
        let path = endpoint.path.text.split(separator: "/").filter { $0 != "admin" && $0 != "v1" }
            .map { $0.filter { !"{}".contains($0) }.replacing(".", with: "_").replacing("-", with: "_") }
        return ([endpoint.method.rawValue.lowercased()] + path).joined(separator: "_")
    }
}
