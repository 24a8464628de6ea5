package import Contract
package import Identity
package import Wire

/// A model of a provider as administrators describe it.
package struct ModelSpec: Hashable, Sendable {
    /// The provider's own id, exactly as it wants it.
    package var upstreamModel: String
    package var contextTokens: Int?
    package var maxOutputTokens: Int?
    package var declared: [Dialect: DeclaredCapabilities]
    /// Deviations from a dialect: names `[a-z0-9_]`, values strings, booleans or whole numbers; sorted by name.
    package var quirks: JSONObject

    package static let tokenRange = 1...1_000_000_000
    package static let maximumQuirks = 32
    /// Short lower-case words; which of them may be written is told in `settled`.
    package static let maximumModalities = 8

    package init(
        upstreamModel: String,
        contextTokens: Int? = nil,
        maxOutputTokens: Int? = nil,
        declared: [Dialect: DeclaredCapabilities] = [:],
        quirks: JSONObject = JSONObject()
    ) {
        self.upstreamModel = upstreamModel
        self.contextTokens = contextTokens
        self.maxOutputTokens = maxOutputTokens
        self.declared = declared
        self.quirks = quirks
    }

    package var json: JSONValue {
        var object = JSONObject()
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
        return .object(object)
    }

    /// Reads the body of a PUT; `path` names the model itself in errors, empty at the top.
    package init(_ value: JSONValue, at path: String = "") throws(JSONShapeError) {
        var members = try JSONMembers(value, at: path)
        members.ignoreReadOnly("id", "provider", "revision", "created_at", "updated_at", "snapshot_version")
        self.upstreamModel = try members.text("upstream_model", maximumBytes: 256)
        self.contextTokens = try members.optionalInt("context_tokens", in: ModelSpec.tokenRange)
        self.maxOutputTokens = try members.optionalInt("max_output_tokens", in: ModelSpec.tokenRange)
        self.declared = [:]
        if var dialects = try members.optionalObject("declared") {
            for (name, value) in dialects.all() {
                guard let dialect = Dialect(rawValue: name) else {
                    throw dialects.error(name, "is not a known dialect")
                }
                let path = dialects.path(of: name)
                let capabilities = try DeclaredCapabilities(JSONMembers(value, at: path))
                guard !capabilities.inputModalities.isEmpty,
                    capabilities.inputModalities.count <= ModelSpec.maximumModalities,
                    Set(capabilities.inputModalities).count == capabilities.inputModalities.count,
                    capabilities.inputModalities.allSatisfy({ Slug($0) != nil })
                else {
                    throw JSONShapeError(
                        field: "\(path).input_modalities",
                        problem: "must hold 1 to \(ModelSpec.maximumModalities) different lower-case words"
                    )
                }
                self.declared[dialect] = capabilities
            }
        }
        self.quirks = try ModelSpec.quirks(try members.optionalObject("quirks"))
        try members.refuseUnknown()
    }

    /// Reads a merge patch over `present`.
    package init(patch: JSONValue, over present: ModelSpec) throws(JSONShapeError) {
        guard case .object = patch else { throw JSONShapeError(field: "", problem: "must be an object") }
        try self.init(MergePatch.apply(patch, to: present.json))
    }

    package func record(key: ModelKey, evidence: [EvidenceRecord] = []) -> ModelRecord {
        ModelRecord(
            provider: key.provider,
            id: key.model,
            upstreamModel: self.upstreamModel,
            contextTokens: self.contextTokens,
            maxOutputTokens: self.maxOutputTokens,
            declared: self.declared,
            quirks: self.quirks,
            evidence: evidence
        )
    }

    package init(_ record: ModelRecord) {
        self.init(
            upstreamModel: record.upstreamModel,
            contextTokens: record.contextTokens,
            maxOutputTokens: record.maxOutputTokens,
            declared: record.declared,
            quirks: record.quirks
        )
    }

    private static func quirks(_ source: consuming JSONMembers?) throws(JSONShapeError) -> JSONObject {
        guard var members = source else { return JSONObject() }
        var quirks: [(String, JSONValue)] = []
        for (name, value) in members.all() {
            guard (1...64).contains(name.utf8.count),
                name.utf8.allSatisfy({ (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f })
            else { throw members.error(name, "must be named in a-z, 0-9 and _") }
            switch value {
            case .bool: quirks.append((name, value))
            case .string:
                if let text = try members.optionalText(name, maximumBytes: 256) { quirks.append((name, .string(text))) }
            case .number:
                // The database writes numbers its own way, so only one way to write each is let in.
                quirks.append((name, .int(try members.int(name))))
            case .null, .array, .object:
                throw members.error(name, "must be a string, a boolean or a whole number, not \(value.kind)")
            }
        }
        guard quirks.count <= ModelSpec.maximumQuirks else {
            throw JSONShapeError(field: members.path(of: "*"), problem: "must be at most \(ModelSpec.maximumQuirks)")
        }
        return JSONObject(quirks.sorted { $0.0 < $1.0 })
    }
}
