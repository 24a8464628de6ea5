import Synchronization

/// The templates that were needed so far.
final class PacedTemplates: Sendable {
    /// Names of models are the caller's, so their number is limited.
    private static let limit = 64
    private let known = Mutex<[PacedTemplate.Kind: PacedTemplate]>([:])

    subscript(kind: PacedTemplate.Kind) -> PacedTemplate {
        self.known.withLock { known in
            if let template = known[kind] { return template }
            if known.count >= PacedTemplates.limit { known = [:] }
            let template = PacedTemplate(kind)
            known[kind] = template
            return template
        }
    }
}
