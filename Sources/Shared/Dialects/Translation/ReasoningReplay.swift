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
                let (kept, isLoss) = ReasoningReplay.opened(reasoning, keepsUnsigned: keepsUnsigned, open: open)
                if isLoss { losses.drop(.pastReasoning) }
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
    ) -> (kept: ReasoningBlock?, isLoss: Bool) {
        var kept = reasoning
        var hadBlob = reasoning.opaque != nil
        if case .sealed(let text) = reasoning.opaque {
            switch open(text) {
            case .native(let kind, let payload): kept.opaque = .native(kind, payload)
            case .unsigned: (kept.opaque, hadBlob) = (nil, false)
            case .otherTarget, .foreign, .tampered: kept.opaque = nil
            }
        }
        guard kept.opaque == nil else { return (kept, false) }
        return (keepsUnsigned && !kept.isEmpty ? kept : nil, hadBlob || !keepsUnsigned)
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
