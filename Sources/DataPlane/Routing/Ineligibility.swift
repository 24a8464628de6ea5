/// Why a target may not serve a request.
package enum Ineligibility: Hashable, Sendable {
    /// The target is switched off.
    case disabled
    /// Its provider is switched off.
    case providerDisabled
    /// Its provider offers no dialect that the request can be put into.
    case dialect
    /// Its weight is 0 where the strategy goes by weight.
    case weightless

    /// A stable name for callers, who see no provider, model or URL.
    package var code: String {
        switch self {
        case .disabled, .providerDisabled: "disabled"
        case .dialect: "dialect"
        case .weightless: "weight-zero"
        }
    }
}
