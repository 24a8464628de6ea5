import Canonical
import Dialects
import Identity

/// What becomes of a field on its way to a target.
enum CompatibilityOutcome: Sendable {
    case refused(TranslationRefusal)
    case lost([Loss])
    case mapped
    /// The target is not told, and nothing is lost by that.
    case notSent

    /// The outcome in a table's words, with the names under which the losses are reported if they are others.
    func cell(of field: String, _ caller: Dialect) -> String {
        switch self {
        case .refused: return "**refused**"
        case .mapped: return "mapped"
        case .notSent: return "here"
        case .lost(let losses):
            let kind = losses.contains { $0.kind == .dropped } ? "dropped" : "approximated"
            let isHarmless = losses.allSatisfy { HarmlessLosses.contains($0.field, of: caller) }
            let word = isHarmless ? "\(kind), harmless," : kind
            let others = losses.map(\.field).filter { $0 != field.split(separator: ":").first.map(String.init) }
            guard !others.isEmpty else { return isHarmless ? "\(kind), harmless" : kind }
            return "\(word) as \(others.map { "`\($0)`" }.joined(separator: ", "))"
        }
    }
}
