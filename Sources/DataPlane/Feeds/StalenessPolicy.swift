/// What a node does when the control plane has been silent for too long.
package struct StalenessPolicy: Hashable, Sendable {
    package enum Reaction: String, Hashable, Sendable, CaseIterable {
        /// Keep serving from the last snapshot.
        case serve
        /// Refuse all requests with 503 until the control plane is back.
        case failClosed = "fail_closed"
    }

    /// The longest silence that is accepted, in milliseconds.
    package let hardStale: Int
    package let reaction: Reaction

    package init(hardStale: Int = 24 * 60 * 60 * 1000, reaction: Reaction = .serve) {
        self.hardStale = hardStale
        self.reaction = reaction
    }

    /// Whether requests must be refused after a silence of `age` milliseconds; nil means that nothing was ever heard.
    package func refuses(age: Int?) -> Bool {
        switch self.reaction {
        case .serve: false
        case .failClosed: age.map { $0 > self.hardStale } ?? true
        }
    }
}
