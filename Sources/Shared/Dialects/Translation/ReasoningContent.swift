import Canonical
import Identity

/// What stands inside a sealed blob of reasoning.
struct ReasoningContent {
    let maker: ReasoningBinding
    let kind: OpaqueReasoning.Kind
    let payload: String

    /// Nil for bytes that no ``ReasoningEnvelope`` made.
    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        guard let provider = SlugBytes.read(&rest), let model = SlugBytes.read(&rest),
            let kind = rest.popFirst().flatMap({ OpaqueReasoning.Kind(rawValue: String(UnicodeScalar($0))) }),
            let payload = String(validating: rest, as: UTF8.self)
        else { return nil }
        self.maker = ReasoningBinding(provider: provider, model: model)
        self.kind = kind
        self.payload = payload
    }
}
