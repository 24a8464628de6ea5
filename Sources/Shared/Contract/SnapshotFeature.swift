/// What a snapshot may hold that a node of an earlier build must not overlook; its header tells.
package enum SnapshotFeature: String, Hashable, Sendable, CaseIterable {
    /// A provider takes its credential in the header `api-key`.
    case apiKeyHeader = "api-key-header"
    /// The path of an endpoint has a query.
    case endpointQuery = "endpoint-query"
}

extension SnapshotBody {
    /// What of it is in this body.
    package var features: [SnapshotFeature] {
        var features: [SnapshotFeature] = []
        if self.providers.contains(where: { $0.authentication == .apiKey }) { features.append(.apiKeyHeader) }
        if self.providers.contains(where: { $0.dialects.values.contains { $0?.contains("?") ?? false } }) {
            features.append(.endpointQuery)
        }
        return features
    }
}
