package import Identity
package import Wire

/// A model of a provider, as asked in one dialect, that a node does not ask in its turn at the moment.
package struct TargetHealth: Hashable, Sendable {
    package enum State: String, Hashable, Sendable, CaseIterable {
        /// It failed lately: others are asked first.
        case setAside = "set-aside"
        /// Its provider asked to be left alone.
        case paused
    }

    package var provider: Slug
    package var model: Slug
    package var dialect: Dialect
    package var state: State
    /// Until it is asked again, in milliseconds from when the node said so.
    package var milliseconds: Int

    /// More than so many are not told.
    package static let most = 256

    package init(provider: Slug, model: Slug, dialect: Dialect, state: State, milliseconds: Int) {
        self.provider = provider
        self.model = model
        self.dialect = dialect
        self.state = state
        self.milliseconds = milliseconds
    }

    package var json: JSONValue {
        [
            "provider": .string(self.provider.text), "model": .string(self.model.text),
            "dialect": .string(self.dialect.rawValue), "state": .string(self.state.rawValue),
            "for_ms": .int(self.milliseconds),
        ]
    }

    package init(_ members: JSONMembers) throws(JSONShapeError) {
        var members = members
        self.provider = try members.slug("provider")
        self.model = try members.slug("model")
        self.dialect = try members.choice("dialect", Dialect.self)
        self.state = try members.choice("state", State.self)
        guard let milliseconds = try members.optionalInt("for_ms", in: 0...86_400_000) else {
            throw members.error("for_ms", "is missing")
        }
        self.milliseconds = milliseconds
    }
}
