import Contract
import Identity

/// Which cases of a model are worth asking for when nobody says which.
package enum ValidationPlan {
    /// In each dialect that its provider offers: what the model declares, and everything where it declares nothing.
    package static func keys(of model: ModelKey, in configuration: Configuration) -> [EvidenceKey] {
        guard let provider = configuration.providers[model.provider], let spec = configuration.models[model] else {
            return []
        }
        return provider.dialects.keys.sorted().flatMap { dialect in
            ValidationPlan.cases(spec.declared[dialect]).map { EvidenceKey(model, dialect, $0) }
        }
    }

    static func cases(_ declared: DeclaredCapabilities?) -> [CapabilityCase] {
        guard let declared else { return CapabilityCase.allCases.sorted() }
        return CapabilityCase.allCases.sorted().filter { declared.mentions($0) }
    }
}

extension DeclaredCapabilities {
    fileprivate func mentions(_ asked: CapabilityCase) -> Bool {
        switch asked {
        case .text, .stream, .maxTokensHonored, .usageReported: true
        case .tools, .forcedTool, .toolResultTurn: self.tools
        case .parallelTools: self.tools && self.parallelTools
        case .structuredOutput: self.structuredOutput
        case .reasoning: self.reasoning
        case .imageURL, .imageInline: self.inputModalities.contains("image")
        case .imageInToolResult: self.tools && self.inputModalities.contains("image")
        }
    }
}
