/// What a snapshot may hold that a node of an earlier build must not overlook; its header tells.
package enum SnapshotFeature: String, Hashable, Sendable, CaseIterable {
    /// A provider takes its credential in the header `api-key`.
    case apiKeyHeader = "api-key-header"
}

extension SnapshotBody {
    /// What of it is in this body.
    package var features: [SnapshotFeature] {
        self.providers.contains { $0.authentication == .apiKey } ? [.apiKeyHeader] : []
    }
}
