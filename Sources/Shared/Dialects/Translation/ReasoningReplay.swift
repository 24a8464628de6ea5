package import Canonical

/// What becomes of the reasoning that a caller sends back, for the target that is to read it.
package enum ReasoningReplay {
    /// Opens the blobs that the target made and takes out all others, and reasoning that is empty without them.
    ///
    /// `keepsUnsigned`: the target takes summaries and thoughts without a blob; else they go with it. What is taken
    /// out is reported.
    package static func opened(
        _ request: ModelRequest,
        keepsUnsigned: Bool,
        open: (String) -> ReasoningEnvelope.Opened,
        losses: inout LossReport
    ) -> ModelRequest {
        var opened = request
        opened.turns = request.turns.compactMap { turn in
            guard turn.blocks.contains(where: { $0.isReasoning }) else { return turn }
            var rest = turn
            rest.blocks = turn.blocks.compactMap { block in
                guard case .reasoning(let reasoning) = block else { return block }
                let kept = ReasoningReplay.opened(reasoning, keepsUnsigned: keepsUnsigned, open: open)
                if kept?.opaque == nil, !(keepsUnsigned && reasoning.opaque == nil) { losses.drop(.pastReasoning) }
                return kept.map { .reasoning($0) }
            }
            // A turn that was empty before is not this one's business.
            return rest.blocks.isEmpty && !turn.blocks.isEmpty ? nil : rest
        }
        return opened
    }

    private static func opened(
        _ reasoning: ReasoningBlock,
        keepsUnsigned: Bool,
        open: (String) -> ReasoningEnvelope.Opened
    ) -> ReasoningBlock? {
        var kept = reasoning
        switch reasoning.opaque {
        case .native, nil: break
        case .sealed(let text):
            switch open(text) {
            case .native(let kind, let payload): kept.opaque = .native(kind, payload)
            case .otherTarget, .foreign, .tampered: kept.opaque = nil
            }
        }
        guard kept.opaque == nil else { return kept }
        return keepsUnsigned && !kept.isEmpty ? kept : nil
    }

    /// Who made the last blob of the conversation that is ours: the target that should serve it on.
    ///
    /// `maker` says who sealed a text, nil for what is not ours.
    package static func affinity(
        of request: ModelRequest,
        maker: (String) -> ReasoningBinding?
    ) -> ReasoningBinding? {
        for turn in request.turns.reversed() {
            for case .reasoning(let reasoning) in turn.blocks.reversed() {
                if case .sealed(let text) = reasoning.opaque, let maker = maker(text) { return maker }
            }
        }
        return nil
    }
}

extension Block {
    fileprivate var isReasoning: Bool {
        if case .reasoning = self { true } else { false }
    }
}
