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
    /// Rises whenever the credential changes.
    private let secretRevision: Int
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
        self.secretRevision = record.secretRevision
        self.headers = record.headers
        self.timeouts = record.timeouts
    }

    /// Whether `other` is asked at the same URLs, and as the same account: what was seen of one tells of the other.
    package func isAsked(like other: Provider) -> Bool {
        self.urls == other.urls && self.secretRevision == other.secretRevision && self.headers == other.headers
            && self.credentialHeader?.name == other.credentialHeader?.name
    }
}
