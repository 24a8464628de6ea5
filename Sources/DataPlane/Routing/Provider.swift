package import Contract
package import Identity

/// A provider with its credential, ready for attempts.
package struct Provider: Sendable {
    package let id: Slug
    package let baseURL: UpstreamURL
    package let enabled: Bool
    package let allowPrivateNetwork: Bool
    package let dialects: [Dialect: String?]
    package let authentication: ProviderRecord.Authentication
    package let credential: Secret?
    package let headers: [String: String]
    package let timeouts: TimeoutRecord

    init(_ record: ProviderRecord, credential: Secret?) {
        self.id = record.id
        self.baseURL = record.baseURL
        self.enabled = record.enabled
        self.allowPrivateNetwork = record.allowPrivateNetwork
        self.dialects = record.dialects
        self.authentication = record.authentication
        self.credential = credential
        self.headers = record.headers
        self.timeouts = record.timeouts
    }
}
