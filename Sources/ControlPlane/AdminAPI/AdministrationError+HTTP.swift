import HTTPTypes
import Administration
import Catalog
import Wire

extension AdminFault {
    /// What an administrator is told of an error of the use cases; here and nowhere else.
    init(_ error: AdministrationError) {
        switch error {
        case .unauthenticated: self = .unauthenticated
        case .forbidden(let role):
            self.init(status: .forbidden, code: "forbidden", message: "this needs the role \(role.rawValue)")
        case .malformed(let error): self = .invalidRequest(error, isOfBody: true)
        case .badParameter(let error): self = .invalidRequest(error, isOfBody: false)
        case .invalid(let problems, let subject): self = .invalid(problems, subject)
        case .notFound(let kind, let key):
            self.init(status: .notFound, code: "not-found", message: "there is no \(kind) \(key)")
        case .alreadyExists(let name):
            self.init(status: .conflict, code: "already-exists", message: "\(name) exists already")
        case .referenced(let name, let references):
            let shown = references.prefix(10).map(\.description).joined(separator: ", ")
            let rest = references.count > 10 ? " and \(references.count - 10) more" : ""
            self.init(
                status: .conflict,
                code: "still-referenced",
                message: "\(name) cannot be deleted: it is used by \(shown)\(rest)"
            )
        case .preconditionFailed(let present):
            self.init(
                status: .preconditionFailed,
                code: "precondition-failed",
                message: present.map { "the resource is at revision \($0)" } ?? "there is no such resource"
            )
        case .conflict(let code, let message): self.init(status: .conflict, code: code, message: message)
        case .tooLarge:
            self.init(
                status: .conflict,
                code: "configuration-too-large",
                message: "the whole configuration would be larger than data planes accept"
            )
        case .databaseUnavailable, .busy:
            self.init(
                status: .serviceUnavailable,
                code: "database-unavailable",
                message: "the database is unavailable or busy; nothing was changed",
                retryAfter: 2
            )
        case .unknownOutcome:
            self.init(
                status: .serviceUnavailable,
                code: "outcome-unknown",
                message: "the database went away at the last moment; read before you write again",
                retryAfter: 2
            )
        case .internalError(let detail):
            self.init(
                status: .internalServerError,
                code: "internal-error",
                message: "something went wrong here; the log of the control plane tells more",
                detail: detail
            )
        }
    }

    /// A body that can be read and has a wrong field is told from what cannot be read at all (RFC 9110 §15.5.21).
    private static func invalidRequest(_ error: JSONShapeError, isOfBody: Bool) -> AdminFault {
        AdminFault(
            status: isOfBody && !error.field.isEmpty ? .unprocessableContent : .badRequest,
            code: "invalid-request",
            message: error.description,
            field: error.field.isEmpty ? nil : error.field
        )
    }

    /// A problem of the resource itself names its field; one of another resource is a conflict with it; one of a
    /// whole document names the path inside the document.
    private static func invalid(_ problems: [ConfigurationProblem], _ subject: ResourceName?) -> AdminFault {
        let shown = problems.prefix(5).map(\.description).joined(separator: "; ")
        let message = problems.count > 5 ? "\(shown); and \(problems.count - 5) more" : shown
        guard let first = problems.first else {
            return AdminFault(status: .unprocessableContent, code: "invalid-configuration", message: "is not sound")
        }
        if let subject {
            guard let own = problems.first(where: { $0.resource == subject }) else {
                return AdminFault(status: .conflict, code: "breaks-configuration", message: message)
            }
            return AdminFault(
                status: .unprocessableContent,
                code: "invalid-request",
                message: "\(own.field) \(own.problem)",
                field: own.field
            )
        }
        return AdminFault(
            status: .unprocessableContent,
            code: "invalid-configuration",
            message: message,
            field: AdminFault.documentPath(of: first)
        )
    }

    private static func documentPath(of problem: ConfigurationProblem) -> String? {
        guard let resource = problem.resource else { return problem.field.isEmpty ? nil : problem.field }
        let path: String
        switch resource.kind {
        case .provider: path = "providers.\(resource.key)"
        case .model:
            guard let key = ModelKey(resource.key) else { return nil }
            path = "providers.\(key.provider).models.\(key.model)"
        case .group: path = "groups.\(resource.key)"
        case .token: path = "tokens.\(resource.key)"
        case .admin: path = "admins.\(resource.key)"
        case .attestation, .evidence: return nil
        }
        return problem.field.isEmpty ? path : "\(path).\(problem.field)"
    }
}
