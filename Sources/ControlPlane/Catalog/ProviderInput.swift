import Contract
import Identity
package import Wire

/// A provider as a request sends it: its description and what becomes of its secret.
package struct ProviderInput: Sendable {
    /// With an empty credential, which the store fills in.
    package var spec: ProviderSpec
    package var secret: SecretChange

    package init(spec: ProviderSpec, secret: SecretChange) {
        self.spec = spec
        self.secret = secret
    }

    /// Reads the body of a PUT; `path` names the provider itself in errors, empty at the top.
    package init(_ value: JSONValue, at path: String = "") throws(JSONShapeError) {
        var members = try JSONMembers(value, at: path)
        members.ignoreReadOnly("id", "revision", "created_at", "updated_at", "snapshot_version")
        let urlText = try members.text("base_url", maximumBytes: 2048)
        guard let url = UpstreamURL(urlText) else {
            throw members.error("base_url", "must be an http or https URL without credentials, query or fragment")
        }
        let dialects = try ProviderInput.dialects(try members.object("dialects"))
        var authentication = ProviderRecord.Authentication.none
        self.secret = .keep
        if var auth = try members.optionalObject("auth") {
            authentication = try auth.choice("scheme", ProviderRecord.Authentication.self)
            auth.ignoreReadOnly("secret_set", "secret_revision")
            self.secret = try ProviderInput.secret(&auth)
            try auth.refuseUnknown()
            if authentication == .none, case .set = self.secret {
                throw auth.error("secret", "needs a scheme other than none")
            }
        }
        let allowPrivateNetwork = try members.optionalBool("allow_private_network") ?? false
        if let problem = BaseURLRules.problem(of: url, allowPrivateNetwork: allowPrivateNetwork) {
            throw members.error("base_url", problem)
        }
        self.spec = ProviderSpec(
            baseURL: url,
            dialects: dialects,
            authentication: authentication,
            headers: try ProviderInput.headers(try members.optionalObject("headers")),
            timeouts: try members.optionalObject("timeouts").map(TimeoutRecord.reading) ?? TimeoutRecord(),
            region: try members.optionalText("region", maximumBytes: 64),
            enabled: try members.optionalBool("enabled") ?? true,
            allowPrivateNetwork: allowPrivateNetwork
        )
        try members.emptyObject("shape")
        try members.refuseUnknown()
    }

    /// Reads a merge patch over `present`.
    package init(patch: JSONValue, over present: ProviderSpec) throws(JSONShapeError) {
        guard case .object = patch else { throw JSONShapeError(field: "", problem: "must be an object") }
        try self.init(MergePatch.apply(patch, to: present.json))
        // A merge drops a null, but for the secret "not sent" and "null" mean two things.
        if patch["auth"]?["secret"] == .null { self.secret = .clear }
    }

    private static func dialects(_ source: consuming JSONMembers) throws(JSONShapeError) -> [Dialect: String?] {
        var members = source
        var dialects: [Dialect: String?] = [:]
        for (name, value) in members.all() {
            guard let dialect = Dialect(rawValue: name) else { throw members.error(name, "is not a known dialect") }
            var endpoint = try JSONMembers(value, at: members.path(of: name))
            let path = try endpoint.optionalString("path")
            if let path, !SnapshotBody.isPath(path) {
                throw endpoint.error("path", SnapshotBody.pathRule)
            }
            let names = path.map { SnapshotBody.queryNames(of: $0) } ?? []
            guard !names.contains(where: { CredentialHeader.isParameter($0?.lowercased() ?? "") }) else {
                throw endpoint.error(
                    "path",
                    "holds a parameter made for credentials, which belong into auth.secret: paths are shown as they are"
                )
            }
            try endpoint.refuseUnknown()
            dialects.updateValue(path, forKey: dialect)
        }
        return dialects
    }

    private static func headers(_ source: consuming JSONMembers?) throws(JSONShapeError) -> [String: String] {
        guard var members = source else { return [:] }
        var headers: [String: String] = [:]
        for (name, value) in members.all() {
            guard let text = value.stringValue else {
                throw members.error(name, "must be a string, not \(value.kind)")
            }
            guard HeaderRules.isAllowed(name: name, value: text) else {
                throw members.error(name, "is not a header that may be added to upstream requests")
            }
            headers[name] = text
        }
        guard headers.count <= ProviderSpec.maximumHeaders else {
            throw JSONShapeError(field: "headers", problem: "must be at most \(ProviderSpec.maximumHeaders)")
        }
        return headers
    }

    private static func secret(_ auth: inout JSONMembers) throws(JSONShapeError) -> SecretChange {
        guard auth.has("secret") else { return .keep }
        guard let value = auth.optional("secret") else { return .clear }
        guard let text = value.stringValue else {
            // `{env: NAME}` and `{file: PATH}` are the command line's; the server reads neither for anyone.
            throw auth.error("secret", "must be a string, not \(value.kind)")
        }
        guard (1...ProviderSpec.maximumSecretBytes).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else {
            throw auth.error("secret", "must have 1 to \(ProviderSpec.maximumSecretBytes) visible ASCII characters")
        }
        return .set(Secret(text))
    }
}

extension TimeoutRecord {
    static func reading(_ members: JSONMembers) throws(JSONShapeError) -> TimeoutRecord { try TimeoutRecord(members) }
}
