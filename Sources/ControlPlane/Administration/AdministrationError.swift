package import Catalog
import Postgres
import Sealing
package import Wire

/// Why an administrative request is refused or failed.
package enum AdministrationError: Error, Hashable, Sendable {
    /// No or no valid credentials; unknown ids and wrong secrets look alike.
    case unauthenticated
    /// The principal's role is below the one that is needed.
    case forbidden(needed: AdminRole)
    /// The body of a request has a wrong field, or is as a whole not what it should be, and then no field is named.
    case malformed(JSONShapeError)
    /// What a request says outside its body cannot be: a part of its path, its query or a header.
    case badParameter(JSONShapeError)
    /// The configuration would make no sense as a whole.
    case invalid([ConfigurationProblem], subject: ResourceName?)
    /// There is no such resource; kind and key.
    case notFound(kind: String, key: String)
    case alreadyExists(ResourceName)
    /// It cannot be deleted while these name it.
    case referenced(ResourceName, by: [ResourceName])
    /// The present revision is not the one the writer has seen; nil when there is no such resource.
    case preconditionFailed(present: Int?)
    /// The resource's state forbids it; a stable code and a sentence.
    case conflict(code: String, message: String)
    /// The whole configuration is larger than data planes accept.
    case tooLarge
    /// PostgreSQL is away: try later.
    case databaseUnavailable
    /// Others were in the way for too long, or whoever asked gave up; the database is there.
    case busy
    /// The commit was sent but never answered: read before writing again.
    case unknownOutcome
    /// A defect of ours; the text is for the log, never for a caller.
    case internalError(String)
}

extension AdministrationError {
    /// Whatever a use case met, as an error of this module.
    package init(_ error: any Error) {
        switch error {
        case let error as AdministrationError: self = error
        case let error as JSONShapeError: self = .malformed(error)
        case let error as PostgresError: self.init(error)
        case let error as PublicationProblem: self.init(error)
        case is CancellationError: self = .busy
        default: self = .internalError("\(error)")
        }
    }

    private init(_ error: PostgresError) {
        switch error {
        case .unavailable, .readOnly: self = .databaseUnavailable
        case .serialization, .statementTimeout, .lockTimeout: self = .busy
        case .unknownOutcome: self = .unknownOutcome
        // A character that UTF-8 or `jsonb` has no room for, which every field should have refused by its name.
        case .invalidValue("22021"), .invalidValue("22P05"):
            self = .malformed(JSONShapeError(field: "", problem: "a text holds a character that cannot be stored"))
        case .uniqueViolation, .foreignKeyViolation, .checkViolation, .notNullViolation, .invalidStatement,
            .undecodable, .invalidValue, .other:
            self = .internalError("\(error)")
        }
    }

    private init(_ problem: PublicationProblem) {
        switch problem {
        case .invalid(let problems):
            self = .invalid(
                problems.map { ConfigurationProblem(resource: nil, field: $0.field, problem: $0.problem) },
                subject: nil
            )
        case .unsealable(.tooLarge): self = .tooLarge
        case .unsealable(let error): self = .internalError("\(error)")
        case .unknownVersion(let version): self = .notFound(kind: "snapshot", key: String(version))
        case .unreadableVersion(let version):
            self = .conflict(code: "unreadable-snapshot", message: "snapshot \(version) cannot be read any more")
        }
    }
}
