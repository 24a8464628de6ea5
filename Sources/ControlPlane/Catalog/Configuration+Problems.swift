package import Contract
import Identity
import Wire

extension Configuration {
    /// What makes this configuration unfit to publish; empty when nothing does.
    ///
    /// At most 100 problems are told.
    ///
    /// `body` must be this configuration's `snapshotBody()`; data planes judge it by the same rules.
    package func problems(in body: SnapshotBody) -> [ConfigurationProblem] {
        var problems = body.problems().map { Configuration.problem($0, in: body) }
        for (id, provider) in self.providers.sorted(by: { $0.key < $1.key }) {
            let name = ResourceName(.provider, id.text)
            let url = provider.baseURL
            if let problem = BaseURLRules.problem(of: url, allowPrivateNetwork: provider.allowPrivateNetwork) {
                problems.append(ConfigurationProblem(resource: name, field: "base_url", problem: problem))
            }
            if provider.authentication != .none, !provider.credential.isSet {
                problems.append(
                    ConfigurationProblem(
                        resource: name,
                        field: "auth.secret",
                        problem: "is missing: only the scheme none does without one"
                    )
                )
            }
        }
        return Array(problems.prefix(100))
    }

    package func problems() -> [ConfigurationProblem] { self.problems(in: self.snapshotBody()) }

    /// Turns `groups[3].targets[0].model` into the group's name and `targets[0].model`.
    private static func problem(_ error: JSONShapeError, in body: SnapshotBody) -> ConfigurationProblem {
        let rest = error.field.drop { $0 != "[" }.dropFirst()
        let list = error.field.prefix { $0 != "[" }
        let field = String(rest.drop { $0 != "]" }.dropFirst().drop { $0 == "." })
        let resource = Int(rest.prefix { $0 != "]" }).flatMap { Configuration.name(of: $0, in: String(list), body) }
        return ConfigurationProblem(
            resource: resource,
            field: resource == nil ? error.field : field,
            problem: error.problem
        )
    }

    private static func name(of index: Int, in list: String, _ body: SnapshotBody) -> ResourceName? {
        switch list {
        case "providers" where body.providers.indices.contains(index):
            return ResourceName(.provider, body.providers[index].id.text)
        case "models" where body.models.indices.contains(index):
            let model = body.models[index]
            return ResourceName(.model, ModelKey(provider: model.provider, model: model.id).description)
        case "groups" where body.groups.indices.contains(index):
            return ResourceName(.group, body.groups[index].id.text)
        case "tokens" where body.tokens.indices.contains(index):
            return ResourceName(.token, body.tokens[index].id.text)
        default: return nil
        }
    }
}
