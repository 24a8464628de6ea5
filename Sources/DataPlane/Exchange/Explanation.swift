package import Canonical
import Contract
import Dialects
package import Identity
package import Routing
package import Wire

/// What would happen to a request: which targets would be asked, in which order and how, and why not the others.
package struct Explanation: Sendable {
    /// A target that would be asked.
    private struct Way: Sendable {
        let target: Target
        let dialect: Dialect
        var dropped: String?
    }

    private let group: Group
    private let dialect: Dialect
    private let needs: RequestNeeds
    private let stream: Bool
    private var ways: [Way]
    private var refused: [RoutePlan.Refused]
    /// What the caller would be told where no target would be asked.
    private var error: CallerError?

    package init(group: Group, dialect: Dialect, needs: RequestNeeds, stream: Bool, plan: RoutePlan) {
        self.group = group
        self.dialect = dialect
        self.needs = needs
        self.stream = stream
        self.ways = plan.candidates.map { Way(target: $0.target, dialect: $0.dialect) }
        self.refused = plan.refused
        guard plan.candidates.isEmpty else { return }
        self.error =
            plan.heldFor.map { Refusal.capacityThrottled(nanoseconds: $0) }
            ?? Refusal.noEligibleTarget(group, dialect: dialect, needs, plan.refused)
    }

    /// Whether a target would be asked in another dialect than the caller's.
    package var needsTranslation: Bool { self.ways.contains { $0.dialect != self.dialect } }

    /// Narrows the ways to what a request may use that goes on from something kept.
    package mutating func keep(to pin: ResponsePin) {
        switch pin {
        case .free: break
        case .target(let keeper, _): self.ways = [Way(target: keeper.target, dialect: keeper.dialect)]
        case .refused(let error, let refused):
            self.ways = []
            self.refused = refused
            self.error = error
        }
    }

    /// Finds what each way into another dialect would lose; a way that cannot be gone is none.
    package mutating func translate(
        _ dropped: (Target, Dialect) -> Result<String?, TranslationRefusal>
    ) {
        var first: TranslationRefusal?
        var ways: [Way] = []
        for var way in self.ways {
            if way.dialect != self.dialect {
                switch dropped(way.target, way.dialect) {
                case .success(let fields): way.dropped = fields
                case .failure(let error):
                    first = first ?? error
                    let reason = Ineligibility.translation(error.field)
                    self.refused.append(RoutePlan.Refused(position: way.target.position, reason: reason))
                    continue
                }
            }
            ways.append(way)
        }
        self.ways = ways
        if ways.isEmpty, let first { self.error = CallerError(first) }
    }

    /// The ways that the group's limit lets a request try.
    private var tried: ArraySlice<Way> { self.ways.prefix(self.group.maximumAttempts) }

    /// What is remembered of it, for operators, who are told names.
    package func note(in record: inout RequestRecord) {
        record.refused = self.refused
        record.explained = self.tried.map { way in
            ExplainedTarget(
                position: way.target.position,
                target: way.target.id.text,
                provider: way.target.provider.id.text,
                model: way.target.model.id.text,
                dialect: way.dialect.rawValue
            )
        }
    }

    package var json: JSONValue {
        var object = JSONObject([
            ("object", "router.explanation"), ("model", .string(self.group.id.text)),
            ("dialect", .string(self.dialect.rawValue)), ("stream", .bool(self.stream)),
            ("strategy", .string(self.group.strategy.rawValue)),
            ("requirements", .array(self.needs.labels.map { .string($0) })),
            ("would_serve", .bool(!self.ways.isEmpty)),
            ("targets", .array(self.tried.map { self.json($0) })),
            ("refused_targets", .array(self.refused.sorted { $0.position < $1.position }.map(\.json))),
        ])
        if let error {
            var told = JSONObject([
                ("status", .int(error.status)), ("code", .string(error.code)), ("message", .string(error.message)),
            ])
            told["param"] = error.parameter.map { .string($0) }
            object["error"] = .object(told)
        }
        return .object(object)
    }

    private func json(_ way: Way) -> JSONValue {
        var object = JSONObject([
            ("target", .int(way.target.position)), ("dialect", .string(way.dialect.rawValue)),
            ("translated", .bool(way.dialect != self.dialect)),
        ])
        object["dropped"] = way.dropped.map { dropped in
            .array(dropped.split(separator: ",").map { .string(String($0)) })
        }
        return .object(object)
    }
}
