import Canonical

extension ReasoningOptions {
    /// The effort that is asked for, in one way or another; nil where that is left to the model.
    var wantedEffort: Effort? {
        if self.thinking == .disabled { return Effort.none }
        if let effort = self.effort { return effort }
        switch self.thinking {
        case nil, .disabled, .adaptive: return nil
        case .budget(let tokens): return Effort(budget: tokens)
        }
    }
}

extension ReasoningOptions.Effort {
    /// What a budget of so many tokens comes to where efforts are told.
    init(budget tokens: Int) {
        self = tokens <= 4_096 ? .low : tokens <= 16_384 ? .medium : .high
    }

    /// The effort itself or the next lower one that a model takes, and where there is none, the next higher.
    ///
    /// Nil where the model takes nothing near; never thinking for no thinking.
    func nearest(in efforts: Set<Self>) -> Self? {
        if efforts.contains(self) { return self }
        let order = Self.allCases
        guard self != .none, let place = order.firstIndex(of: self) else { return nil }
        return order[..<place].last { efforts.contains($0) && $0 != .none }
            ?? order[place...].first { efforts.contains($0) }
    }
}
