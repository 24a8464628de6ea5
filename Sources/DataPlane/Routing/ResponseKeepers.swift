import Contract
import Identity

/// Who of some targets keeps responses that callers can continue by their ids: those that are asked in Responses.
package enum ResponseKeepers: Hashable, Sendable {
    /// None, or one model at one provider: whatever is continued is continued there.
    case single
    /// Several models at one provider, who knows all ids.
    case singleProvider
    /// Several providers, who do not know each other's ids.
    case several

    package init(of targets: [Target]) {
        let keepers = targets.filter { $0.url(for: .openAIResponses) != nil }
        guard let first = keepers.first else {
            self = .single
            return
        }
        if keepers.contains(where: { $0.provider.id != first.provider.id }) {
            self = .several
        } else if keepers.contains(where: { $0.model.id != first.model.id }) {
            self = .singleProvider
        } else {
            self = .single
        }
    }
}
