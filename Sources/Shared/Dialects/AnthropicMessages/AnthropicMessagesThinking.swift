import Canonical
import Wire

/// How much a target is asked to think, in its own terms, with a cap on its output that leaves room for it.
///
/// | wanted | by effort | by budget |
/// |---|---|---|
/// | none, thinking disabled | disabled | nothing |
/// | minimal, low, at most 4 096 tokens | adaptive, low | 2 048 |
/// | medium, at most 16 384 tokens | adaptive, medium | 8 192 |
/// | high, more tokens | adaptive, high | 16 384 |
/// | xhigh | adaptive, xhigh | 32 768, or what fits |
/// | max | adaptive, max | 32 768, or what fits |
/// | adaptive without an effort, or a summary only | adaptive | 8 192 |
/// | nothing | nothing | nothing |
///
/// A budget that a caller named itself is used where the target takes budgets.
struct AnthropicMessagesThinking {
    private(set) var thinking: JSONValue?
    private(set) var effort: String?
    private(set) var maximumTokens: Int
    private(set) var losses = LossReport()

    /// Whether the model thinks, which some other options do not go with.
    var isOn: Bool { self.thinking != nil && self.thinking?["type"] != "disabled" }

    /// `isPossible` is false where something else in the request rules thinking out.
    init(_ request: ModelRequest, for target: TargetTraits, isPossible: Bool) {
        let limit = target.maximumOutputTokens ?? AnthropicMessages.defaultMaximumTokens
        // A model with a lower cap would refuse more.
        self.maximumTokens = max(
            1,
            request.maximumOutputTokens.map { wanted in target.maximumOutputTokens.map { min(wanted, $0) } ?? wanted }
                ?? limit
        )
        if let wanted = request.maximumOutputTokens, wanted > self.maximumTokens {
            self.losses.approximate(.outputCap)
        }
        let options = request.reasoning
        guard let wanted = Wanted(options) else { return }
        guard target.reasons else {
            // Not to think is what such a model does.
            if wanted != .off { self.losses.drop(.reasoning) }
            return
        }
        if target.usesThinkingBudget {
            guard wanted != .off else { return }
            guard isPossible else {
                self.losses.drop(.reasoning)
                return
            }
            let named: Int? = if case .budget(let tokens) = options.thinking { tokens } else { nil }
            self.useBudget(named ?? wanted.budget, limit: max(limit, self.maximumTokens), request)
        } else {
            self.useEffort(wanted, options, target, isPossible: isPossible)
        }
        if self.isOn, let wantsSummary = options.wantsSummary {
            self.show(wantsSummary ? "summarized" : "omitted")
        }
    }

    private mutating func show(_ display: String) {
        guard case .object(var object) = self.thinking else { return }
        object["display"] = .string(display)
        self.thinking = .object(object)
    }

    private mutating func useEffort(
        _ wanted: Wanted,
        _ options: ReasoningOptions,
        _ target: TargetTraits,
        isPossible: Bool
    ) {
        guard wanted != .off else {
            self.thinking = ["type": "disabled"]
            return
        }
        if isPossible {
            self.thinking = ["type": "adaptive"]
        } else {
            self.losses.drop(.reasoning)
        }
        guard case .effort(let effort) = wanted else { return }
        let known: Set<ReasoningOptions.Effort> = [.low, .medium, .high, .xhigh, .max]
        let sent = effort.nearest(in: target.efforts.map { known.intersection($0) } ?? known)
        self.effort = sent?.rawValue
        if sent != effort || options.effort != effort { self.losses.approximate(.effort) }
    }

    /// Makes room for the budget by a higher cap where the target allows one, else lowers the budget.
    private mutating func useBudget(_ wanted: Int, limit: Int, _ request: ModelRequest) {
        var budget = max(AnthropicMessages.minimumBudget, wanted)
        if budget >= self.maximumTokens, request.maximumOutputTokens != nil {
            let raised = min(limit, budget.addingReportingOverflow(self.maximumTokens).partialValue)
            if raised > self.maximumTokens {
                self.maximumTokens = raised
                self.losses.approximate(.outputCap)
            }
        }
        if budget >= self.maximumTokens {
            // A quarter of the cap, at most 1 024 tokens, stays for the answer.
            let largest = self.maximumTokens - min(1_024, self.maximumTokens / 4)
            guard largest >= AnthropicMessages.minimumBudget, largest < self.maximumTokens else {
                self.losses.drop(.reasoning)
                return
            }
            budget = largest
            self.losses.approximate(.effort)
        }
        self.thinking = ["type": "enabled", "budget_tokens": .int(budget)]
    }

    private enum Wanted: Hashable {
        case off
        /// As much as the model sees fit.
        case free
        /// One of Messages' own efforts.
        case effort(ReasoningOptions.Effort)

        init?(_ options: ReasoningOptions) {
            if options.thinking == .disabled {
                self = .off
                return
            }
            switch options.effort {
            case .some(.none): self = .off
            case .minimal: self = .effort(.low)
            case .low, .medium, .high, .xhigh, .max: self = .effort(options.effort ?? .medium)
            case nil:
                switch options.thinking {
                case .budget(let tokens): self = .effort(ReasoningOptions.Effort(budget: tokens))
                case .adaptive: self = .free
                // Who wants to see a summary of thoughts wants some.
                case nil where options.wantsSummary == true: self = .free
                case .disabled, nil: return nil
                }
            }
        }

        var budget: Int {
            switch self {
            case .off: 0
            case .free: 8_192
            case .effort(let effort):
                switch effort {
                case .none, .minimal, .low: 2_048
                case .medium: 8_192
                case .high: 16_384
                case .xhigh, .max: 32_768
                }
            }
        }
    }
}
