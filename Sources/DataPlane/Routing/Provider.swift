package import Contract
package import Identity

/// A provider with its credential, ready for attempts.
package struct Provider: Sendable {
    package let id: Slug
    package let baseURL: UpstreamURL
    package let enabled: Bool
    package let allowPrivateNetwork: Bool
    package let dialects: [Dialect: String?]
    package let credential: Secret?
    /// The header that carries the credential, made once and not per attempt; nil where there is none.
    package let credentialHeader: (name: String, value: Secret)?
    package let headers: [String: String]
    package let timeouts: TimeoutRecord
    /// Where each dialect is served that it offers.
    let urls: [Dialect: String]

    init(_ record: ProviderRecord, credential: Secret?) {
        self.id = record.id
        self.baseURL = record.baseURL
        self.enabled = record.enabled
        self.allowPrivateNetwork = record.allowPrivateNetwork
        self.dialects = record.dialects
        self.credential = credential
        self.credentialHeader = record.credentialHeader(credential)
        self.urls = Dictionary(
            uniqueKeysWithValues: record.dialects.keys.compactMap { dialect in
                record.url(for: dialect).map { (dialect, $0) }
            }
        )
        self.headers = record.headers
        self.timeouts = record.timeouts
    }
}
