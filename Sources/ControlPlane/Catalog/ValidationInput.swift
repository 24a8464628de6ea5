package import Contract
package import Identity
package import Wire

/// A request to validate a model.
package struct ValidationInput: Hashable, Sendable {
    package let model: ModelKey
    /// Nil for all that the provider offers.
    package let dialects: [Dialect]?
    /// Nil for all that the model declares.
    package let cases: [CapabilityCase]?

    package init(_ value: JSONValue) throws(JSONShapeError) {
        var members = try JSONMembers(value)
        self.model = ModelKey(provider: try members.slug("provider"), model: try members.slug("model"))
        self.dialects = try ValidationInput.choices("dialects", Dialect.self, &members)
        self.cases = try ValidationInput.choices("cases", CapabilityCase.self, &members)
        try members.refuseUnknown()
    }

    /// What is to be asked; throws for what the configuration does not have.
    package func keys(in configuration: Configuration) throws(JSONShapeError) -> [EvidenceKey] {
        guard let provider = configuration.providers[self.model.provider] else {
            throw JSONShapeError(field: "provider", problem: "names no provider")
        }
        guard configuration.models[self.model] != nil else {
            throw JSONShapeError(field: "model", problem: "names no model of the provider")
        }
        for (index, dialect) in (self.dialects ?? []).enumerated() where provider.dialects[dialect] == nil {
            throw JSONShapeError(field: "dialects[\(index)]", problem: "is not a dialect of the provider")
        }
        let dialects = self.dialects ?? provider.dialects.keys.sorted()
        guard let cases = self.cases else {
            return ValidationPlan.keys(of: self.model, in: configuration).filter { dialects.contains($0.dialect) }
        }
        return dialects.flatMap { dialect in cases.map { EvidenceKey(self.model, dialect, $0) } }
    }

    /// Different values of an enumeration, sorted; nil when missing.
    private static func choices<Value: RawRepresentable & CaseIterable & Hashable & Comparable>(
        _ name: String,
        _ type: Value.Type,
        _ members: inout JSONMembers
    ) throws(JSONShapeError) -> [Value]? where Value.RawValue == String {
        guard let texts = try members.optionalStrings(name) else { return nil }
        guard !texts.isEmpty else { throw members.error(name, "must not be empty") }
        var values: Set<Value> = []
        for (index, text) in texts.enumerated() {
            guard let value = Value(rawValue: text), values.insert(value).inserted else {
                throw JSONShapeError(
                    field: "\(members.path(of: name))[\(index)]",
                    problem: "must be one of \(Value.allCases.map(\.rawValue).joined(separator: ", ")), each once"
                )
            }
        }
        return values.sorted()
    }
}
