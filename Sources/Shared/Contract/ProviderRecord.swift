package import Identity
import Wire

/// A provider as a data plane needs it: where it is, which dialects it offers and how it is authenticated to.
package struct ProviderRecord: Hashable, Sendable {
    /// How the provider's credential travels.
    package enum Authentication: String, Hashable, Sendable, CaseIterable {
        case bearer
        case xAPIKey = "x-api-key"
        case apiKey = "api-key"
        case none

        /// The header that carries it, in lower case.
        package var header: String? {
            switch self {
            case .bearer: "authorization"
            case .xAPIKey: "x-api-key"
            case .apiKey: "api-key"
            case .none: nil
            }
        }
    }

    package var id: Slug
    package var baseURL: UpstreamURL
    /// The dialects it offers, each with the path behind the base URL; nil means the dialect's usual path.
    package var dialects: [Dialect: String?]
    package var authentication: Authentication
    /// Rises whenever the credential changes, so that a new credential always means a new snapshot.
    package var secretRevision: Int
    /// Headers that every request to it carries besides our own, by lower-case name.
    package var headers: [String: String]
    package var timeouts: TimeoutRecord
    package var region: String?
    package var enabled: Bool
    /// Whether its address may be loopback, link-local or private.
    package var allowPrivateNetwork: Bool

    package init(
        id: Slug,
        baseURL: UpstreamURL,
        dialects: [Dialect: String?],
        authentication: Authentication = .bearer,
        secretRevision: Int = 0,
        headers: [String: String] = [:],
        timeouts: TimeoutRecord = TimeoutRecord(),
        region: String? = nil,
        enabled: Bool = true,
        allowPrivateNetwork: Bool = false
    ) {
        self.id = id
        self.baseURL = baseURL
        self.dialects = dialects
        self.authentication = authentication
        self.secretRevision = secretRevision
        self.headers = headers
        self.timeouts = timeouts
        self.region = region
        self.enabled = enabled
        self.allowPrivateNetwork = allowPrivateNetwork
    }

    var json: JSONValue {
        var object = JSONObject()
        object["id"] = .string(self.id.text)
        object["base_url"] = .string(self.baseURL.description)
        object["dialects"] = .object(
            JSONObject(
                self.dialects.keys.sorted().map { dialect in
                    let path = self.dialects[dialect].flatMap { $0 }
                    return (dialect.rawValue, path.map { ["path": .string($0)] } ?? [:])
                }
            )
        )
        object["auth"] = .string(self.authentication.rawValue)
        object["secret_revision"] = .int(self.secretRevision)
        object["headers"] = .object(
            JSONObject(self.headers.keys.sorted().map { ($0, .string(self.headers[$0] ?? "")) })
        )
        object["timeouts"] = self.timeouts.json
        object["region"] = self.region.map { .string($0) }
        object["enabled"] = .bool(self.enabled)
        object["allow_private_network"] = .bool(self.allowPrivateNetwork)
        return .object(object)
    }

    init(_ value: JSONValue, at path: String) throws(JSONShapeError) {
        var members = try JSONMembers(value, at: path)
        self.id = try members.slug("id")
        guard let url = UpstreamURL(try members.string("base_url")) else {
            throw members.error("base_url", "must be an http or https URL without credentials or query")
        }
        self.baseURL = url
        var dialectMembers = try members.object("dialects")
        var dialects: [Dialect: String?] = [:]
        for (name, value) in dialectMembers.all() {
            guard let dialect = Dialect(rawValue: name) else {
                throw dialectMembers.error(name, "is not a known dialect")
            }
            var endpoint = try JSONMembers(value, at: dialectMembers.path(of: name))
            dialects.updateValue(try endpoint.optionalString("path"), forKey: dialect)
        }
        self.dialects = dialects
        self.authentication = try members.choice("auth", Authentication.self)
        self.secretRevision = try members.int("secret_revision")
        var headerMembers = try members.object("headers")
        var headers: [String: String] = [:]
        for (name, value) in headerMembers.all() {
            guard let text = value.stringValue else { throw headerMembers.error(name, "must be a string") }
            headers[name] = text
        }
        self.headers = headers
        self.timeouts = try TimeoutRecord(try members.object("timeouts"))
        self.region = try members.optionalString("region")
        self.enabled = try members.bool("enabled")
        self.allowPrivateNetwork = try members.bool("allow_private_network")
    }
}
