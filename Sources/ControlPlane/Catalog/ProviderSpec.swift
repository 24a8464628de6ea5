package import Contract
package import Identity
package import Wire

/// A provider as administrators describe it, without its secret.
package struct ProviderSpec: Hashable, Sendable {
    package var baseURL: UpstreamURL
    /// The dialects it offers, each with the path behind the base URL; nil means the dialect's usual path.
    package var dialects: [Dialect: String?]
    package var authentication: ProviderRecord.Authentication
    /// What is known of the secret; set by the store, never by a request.
    package var credential: ProviderCredential
    package var headers: [String: String]
    package var timeouts: TimeoutRecord
    package var region: String?
    package var enabled: Bool
    package var allowPrivateNetwork: Bool

    package static let maximumSecretBytes = 4096
    package static let maximumHeaders = 32

    package init(
        baseURL: UpstreamURL,
        dialects: [Dialect: String?],
        authentication: ProviderRecord.Authentication = .bearer,
        credential: ProviderCredential = ProviderCredential(),
        headers: [String: String] = [:],
        timeouts: TimeoutRecord = TimeoutRecord(),
        region: String? = nil,
        enabled: Bool = true,
        allowPrivateNetwork: Bool = false
    ) {
        self.baseURL = baseURL
        self.dialects = dialects
        self.authentication = authentication
        self.credential = credential
        self.headers = headers
        self.timeouts = timeouts
        self.region = region
        self.enabled = enabled
        self.allowPrivateNetwork = allowPrivateNetwork
    }

    /// What answers, diffs and the audit log show.
    package var json: JSONValue {
        var object = JSONObject()
        object["base_url"] = .string(self.baseURL.description)
        object["dialects"] = .object(
            JSONObject(
                self.dialects.keys.sorted().map { dialect in
                    let path = self.dialects[dialect].flatMap { $0 }
                    return (dialect.rawValue, path.map { ["path": .string($0)] } ?? [:])
                }
            )
        )
        object["auth"] = [
            "scheme": .string(self.authentication.rawValue), "secret_set": .bool(self.credential.isSet),
            "secret_revision": .int(self.credential.revision),
        ]
        object["headers"] = .object(
            JSONObject(self.headers.keys.sorted().map { ($0, .string(self.headers[$0] ?? "")) })
        )
        object["timeouts"] = self.timeouts.json
        object["shape"] = [:]
        object["region"] = self.region.map { .string($0) }
        object["enabled"] = .bool(self.enabled)
        object["allow_private_network"] = .bool(self.allowPrivateNetwork)
        return .object(object)
    }

    package func record(id: Slug) -> ProviderRecord {
        ProviderRecord(
            id: id,
            baseURL: self.baseURL,
            dialects: self.dialects,
            authentication: self.authentication,
            secretRevision: self.credential.revision,
            headers: self.headers,
            timeouts: self.timeouts,
            region: self.region,
            enabled: self.enabled,
            allowPrivateNetwork: self.allowPrivateNetwork
        )
    }

    /// The description that compiles to `record`; `credential` is what the store has now.
    package init(_ record: ProviderRecord, credential: ProviderCredential) {
        self.init(
            baseURL: record.baseURL,
            dialects: record.dialects,
            authentication: record.authentication,
            credential: credential,
            headers: record.headers,
            timeouts: record.timeouts,
            region: record.region,
            enabled: record.enabled,
            allowPrivateNetwork: record.allowPrivateNetwork
        )
    }
}
