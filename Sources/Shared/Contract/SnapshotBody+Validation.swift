import Identity
package import Wire

extension SnapshotBody {
    /// What makes this body unfit to serve; empty when nothing does.
    ///
    /// The control plane asks before it signs and the data plane before it applies, so that neither depends on
    /// the other's care. At most 100 problems are told.
    package func problems() -> [JSONShapeError] {
        var problems: [JSONShapeError] = []
        func add(_ field: String, _ problem: String) {
            if problems.count < 100 { problems.append(JSONShapeError(field: field, problem: problem)) }
        }

        var providers: [Slug: ProviderRecord] = [:]
        for (index, provider) in self.providers.enumerated() {
            let path = "providers[\(index)]"
            if providers.updateValue(provider, forKey: provider.id) != nil { add("\(path).id", "occurs twice") }
            if provider.dialects.isEmpty { add("\(path).dialects", "must offer at least one dialect") }
            for case let (dialect, path?) in provider.dialects where !SnapshotBody.isPath(path) {
                add("providers[\(index)].dialects.\(dialect.rawValue).path", SnapshotBody.pathRule)
            }
            for (name, value) in provider.headers where !HeaderRules.isAllowed(name: name, value: value) {
                add("\(path).headers.\(name)", "is not a header that may be added to upstream requests")
            }
            // The other schemes' headers are no provider's to set.
            if provider.authentication == .apiKey, provider.headers["api-key"] != nil {
                add("\(path).headers.api-key", "is the header of the provider's own credential")
            }
        }

        var models: Set<[Slug]> = []
        for (index, model) in self.models.enumerated() {
            let path = "models[\(index)]"
            if !models.insert([model.provider, model.id]).inserted { add("\(path).id", "occurs twice") }
            if model.upstreamModel.isEmpty || model.upstreamModel.utf8.count > 256 {
                add("\(path).upstream_model", "must have 1 to 256 bytes")
            }
            guard let provider = providers[model.provider] else {
                add("\(path).provider", "names no provider")
                continue
            }
            for dialect in model.declared.keys where provider.dialects[dialect] == nil {
                add("\(path).declared.\(dialect.rawValue)", "is not a dialect of its provider")
            }
        }

        var groups: Set<Slug> = []
        for (index, group) in self.groups.enumerated() {
            let path = "groups[\(index)]"
            if !groups.insert(group.id).inserted { add("\(path).id", "occurs twice") }
            var targets: Set<Slug> = []
            for (position, target) in group.targets.enumerated() {
                let path = "\(path).targets[\(position)]"
                if !targets.insert(target.id).inserted { add("\(path).id", "occurs twice") }
                if !models.contains([target.provider, target.model]) { add("\(path).model", "names no model") }
                if !TargetRecord.weightRange.contains(target.weight) { add("\(path).weight", "is out of range") }
            }
        }

        var tokens: Set<TokenID> = []
        tokens.reserveCapacity(self.tokens.count)
        for (index, token) in self.tokens.enumerated() {
            if !tokens.insert(token.id).inserted { add("tokens[\(index)].id", "occurs twice") }
            if token.id.deployment != self.deployment {
                add("tokens[\(index)].id", "belongs to another deployment")
            }
            for group in token.allow where !groups.contains(group) {
                add("tokens[\(index)].allow", "names a group that does not exist: \(group)")
            }
        }
        return problems
    }

    /// What a path is that `isPath` refuses.
    package static let pathRule = "must be an absolute path, with no more behind it than a query of NAME=VALUE"

    /// Whether the text is a path that may stand behind a base URL, with a query or without.
    package static func isPath(_ text: String) -> Bool {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard text.hasPrefix("/"), text.utf8.count <= 512, !text.contains("//"),
            parts.allSatisfy({ $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"?#\\".utf8.contains($0) } })
        else { return false }
        return SnapshotBody.queryNames(of: text).allSatisfy { name in
            name?.utf8.allSatisfy { Base62.allows($0) || "-_.".utf8.contains($0) } ?? false
        }
    }

    /// The names of the parameters in the query of such a path; nil for one without a name or a value.
    package static func queryNames(of path: String) -> [Substring?] {
        guard let mark = path.firstIndex(of: "?") else { return [] }
        return path[path.index(after: mark)...].split(separator: "&", omittingEmptySubsequences: false).map { pair in
            guard let end = pair.firstIndex(of: "="), end > pair.startIndex else { return nil }
            return pair[..<end]
        }
    }
}
