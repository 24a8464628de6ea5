import Administration
import Catalog
import HTTPTypes

/// One thing that the admin API can do: how it is asked for, who may, and what is done.
///
/// The router and the OpenAPI document are both made from the list of these.
struct AdminEndpoint: Sendable {
    /// What a request carries.
    enum Body: Hashable, Sendable {
        case none
        /// JSON of a schema; nothing at all counts as an empty object when optional.
        case json(schema: String, isOptional: Bool)
        /// A JSON merge patch of a schema.
        case mergePatch(schema: String)
        /// JSON of a schema, or the same as YAML.
        case document(schema: String)
    }

    let method: HTTPRequest.Method
    let path: PathTemplate
    /// Nil for what anybody may ask.
    let role: AdminRole?
    let summary: String
    let query: [AdminParameter]
    let takesPrecondition: Bool
    let body: Body
    /// Schemas of the good answers by status.
    let answers: [Int: String]
    let handle: @Sendable (AdminRequest) async throws -> AdminAnswer

    init(
        _ method: HTTPRequest.Method,
        _ path: String,
        role: AdminRole?,
        _ summary: String,
        query: [AdminParameter] = [],
        takesPrecondition: Bool = false,
        body: Body = .none,
        answers: [Int: String],
        handle: @escaping @Sendable (AdminRequest) async throws -> AdminAnswer
    ) {
        self.method = method
        self.path = PathTemplate(path)
        self.role = role
        self.summary = summary
        self.query = query
        self.takesPrecondition = takesPrecondition
        self.body = body
        self.answers = answers
        self.handle = handle
    }
}
