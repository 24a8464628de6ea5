package import Identity
package import Wire

/// One model of a provider, with what is declared about it.
package struct ModelRecord: Hashable, Sendable {
    package var provider: Slug
    package var id: Slug
    /// The provider's own id, exactly as it wants it.
    package var upstreamModel: String
    package var contextTokens: Int?
    package var maxOutputTokens: Int?
    package var declared: [Dialect: DeclaredCapabilities]
    /// Deviations from a dialect by name, such as `no_stream_options: true`; values are kept as given.
    package var quirks: JSONObject
    /// What was proven of it; at most one record for each dialect and case.
    package var evidence: [EvidenceRecord]

    package init(
        provider: Slug,
        id: Slug,
        upstreamModel: String,
        contextTokens: Int? = nil,
        maxOutputTokens: Int? = nil,
        declared: [Dialect: DeclaredCapabilities] = [:],
        quirks: JSONObject = JSONObject(),
        evidence: [EvidenceRecord] = []
    ) {
        self.provider = provider
        self.id = id
        self.upstreamModel = upstreamModel
        self.contextTokens = contextTokens
        self.maxOutputTokens = maxOutputTokens
        self.declared = declared
        self.quirks = quirks
        self.evidence = evidence
    }

    var json: JSONValue {
        var object = JSONObject()
        object["provider"] = .string(self.provider.text)
        object["id"] = .string(self.id.text)
        object["upstream_model"] = .string(self.upstreamModel)
        object["context_tokens"] = self.contextTokens.map { .int($0) }
        object["max_output_tokens"] = self.maxOutputTokens.map { .int($0) }
        object["declared"] = .object(
            JSONObject(
                self.declared.keys.sorted().compactMap { dialect in
                    self.declared[dialect].map { (dialect.rawValue, $0.json) }
                }
            )
        )
        object["quirks"] = .object(self.quirks)
        // Only where there is any, so that bodies of format 1.0 keep their bytes.
        if !self.evidence.isEmpty { object["evidence"] = .array(self.evidence.map(\.json)) }
        return .object(object)
    }

    init(_ value: JSONValue, at path: String) throws(JSONShapeError) {
        var members = try JSONMembers(value, at: path)
        self.provider = try members.slug("provider")
        self.id = try members.slug("id")
        self.upstreamModel = try members.string("upstream_model")
        self.contextTokens = try members.optionalInt("context_tokens", in: 1...1_000_000_000)
        self.maxOutputTokens = try members.optionalInt("max_output_tokens", in: 1...1_000_000_000)
        var declaredMembers = try members.object("declared")
        var declared: [Dialect: DeclaredCapabilities] = [:]
        for (name, value) in declaredMembers.all() {
            guard let dialect = Dialect(rawValue: name) else {
                throw declaredMembers.error(name, "is not a known dialect")
            }
            declared[dialect] = try DeclaredCapabilities(JSONMembers(value, at: declaredMembers.path(of: name)))
        }
        self.declared = declared
        guard case .object(let quirks) = try members.required("quirks") else {
            throw members.error("quirks", "must be an object")
        }
        self.quirks = quirks
        self.evidence = []
        for (index, value) in try (members.optionalArray("evidence") ?? []).enumerated() {
            let record = try EvidenceRecord(value, at: "\(members.path(of: "evidence"))[\(index)]")
            if let record { self.evidence.append(record) }
        }
    }
}
