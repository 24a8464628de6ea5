import HTTPTypes
import Wire

/// What an endpoint answers.
struct AdminAnswer: Sendable {
    var status: HTTPResponse.Status
    var body: JSONValue
    /// The resource's revision, which becomes the `ETag`.
    var revision: Int?

    init(_ status: HTTPResponse.Status = .ok, _ body: JSONValue, revision: Int? = nil) {
        self.status = status
        self.body = body
        self.revision = revision
    }
}
