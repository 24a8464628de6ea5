import Administration
import Catalog
import Contract
import Identity
import Wire

/// One request of an administrator, read and authorised, as an endpoint takes it.
struct AdminRequest: Sendable {
    let principal: AdminPrincipal
    let parameters: [String: String]
    let query: AdminQuery
    /// An empty object for an empty body where that is allowed, null where there is none.
    let body: JSONValue
    let precondition: WritePrecondition

    func dryRun() throws(AdministrationError) -> Bool { try self.query.flag(.dryRun) }

    /// A path segment that must be a slug; what is none names nothing.
    func slug(_ name: String, kind: String) throws(AdministrationError) -> Slug {
        let text = self.parameters[name] ?? ""
        guard let slug = Slug(text) else { throw .notFound(kind: kind, key: AdminRequest.shown(text)) }
        return slug
    }

    /// The path's name for something that is to be made, whose grammar the caller must hear of.
    func newSlug(_ name: String) throws(AdministrationError) -> Slug {
        guard let slug = Slug(self.parameters[name] ?? "") else {
            throw .badParameter(JSONShapeError(field: name, problem: "must match \(Slug.grammar)"))
        }
        return slug
    }

    /// The body of a PUT, whose own names, if it has any, must be those of the path.
    func body(named parameter: String) throws(JSONShapeError) -> JSONValue {
        for (member, parameter) in [("id", parameter), ("provider", "provider")] {
            guard let path = self.parameters[parameter], let value = self.body[member], value != .string(path) else {
                continue
            }
            throw JSONShapeError(field: member, problem: "is not the one in the path")
        }
        return self.body
    }

    func newModelKey() throws(AdministrationError) -> ModelKey {
        ModelKey(provider: try self.slug("provider", kind: "provider"), model: try self.newSlug("model"))
    }

    func modelKey() throws(AdministrationError) -> ModelKey {
        ModelKey(
            provider: try self.slug("provider", kind: "provider"),
            model: try self.slug("model", kind: "model")
        )
    }

    /// What an attestation is about, all of it in the path.
    func evidenceKey() throws(AdministrationError) -> EvidenceKey {
        let model = try self.modelKey()
        guard let dialect = Dialect(rawValue: self.parameters["dialect"] ?? "") else {
            throw AdminRequest.unknown("dialect", Dialect.allCases.map(\.rawValue))
        }
        guard let known = CapabilityCase(rawValue: self.parameters["case"] ?? "") else {
            throw AdminRequest.unknown("case", CapabilityCase.allCases.map(\.rawValue))
        }
        return EvidenceKey(model, dialect, known)
    }

    private static func unknown(_ parameter: String, _ known: [String]) -> AdministrationError {
        .badParameter(JSONShapeError(field: parameter, problem: "must be one of \(known.joined(separator: ", "))"))
    }

    func tokenID() throws(AdministrationError) -> TokenID {
        let text = self.parameters["token_id"] ?? ""
        guard let id = TokenID(text) else { throw .notFound(kind: "token", key: AdminRequest.shown(text)) }
        return id
    }

    /// The number that names a thing of this kind.
    func number(_ name: String, kind: String) throws(AdministrationError) -> Int {
        let text = self.parameters[name] ?? ""
        guard let number = Int(text), number >= 1, String(number) == text else {
            throw .notFound(kind: kind, key: AdminRequest.shown(text))
        }
        return number
    }

    /// A name that is none is not repeated: it may be a token that was pasted into a path.
    private static func shown(_ text: String) -> String { Slug(text)?.text ?? "of that name" }
}
