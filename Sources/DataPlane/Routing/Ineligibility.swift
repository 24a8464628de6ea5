package import Contract

/// Why a target may not serve a request.
package enum Ineligibility: Error, Hashable, Sendable {
    /// The target is switched off.
    case disabled
    /// Its provider is switched off.
    case providerDisabled
    /// Its provider offers no dialect that the request can be put into.
    case dialect
    /// Its weight is 0 where the strategy goes by weight.
    case weightless
    /// Its model does not declare an input that the request holds: `image`, `audio`, `file`.
    case modality(String)
    /// Its model's declaration for the dialect leaves this out.
    case undeclared(CapabilityCase)
    /// Nothing has proven that it can do this.
    case unvalidated(CapabilityCase)
    /// The latest proof says that it cannot; `at` is milliseconds since 1970.
    case failed(CapabilityCase, at: Int)
    /// The latest proof is too old; `at` is when it ended, in milliseconds since 1970.
    case expired(CapabilityCase, at: Int)
    /// The request needs more tokens than the model's context has.
    case contextExceeded(need: Int, have: Int)
    /// The request cannot be told in the target's dialect; the caller's own member that it is about.
    case translation(String)
    /// It failed lately, and is left alone until then; milliseconds from now.
    case coolingDown(milliseconds: Int)

    /// A stable name for callers, who see no provider, model or URL.
    package var code: String {
        switch self {
        case .disabled, .providerDisabled: "disabled"
        case .dialect: "dialect"
        case .weightless: "weight-zero"
        case .modality: "modality"
        case .undeclared: "undeclared"
        case .unvalidated: "unvalidated"
        case .failed: "failed"
        case .expired: "expired"
        case .contextExceeded: "context-exceeded"
        case .translation: "translation"
        case .coolingDown: "cooling-down"
        }
    }
}
