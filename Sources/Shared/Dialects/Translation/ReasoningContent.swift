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
        guard let provider = ReasoningContent.slug(from: &rest), let model = ReasoningContent.slug(from: &rest),
            let kind = rest.popFirst().flatMap({ OpaqueReasoning.Kind(rawValue: String(UnicodeScalar($0))) }),
            let payload = String(validating: rest, as: UTF8.self)
        else { return nil }
        self.maker = ReasoningBinding(provider: provider, model: model)
        self.kind = kind
        self.payload = payload
    }

    private static func slug(from bytes: inout ArraySlice<UInt8>) -> Slug? {
        guard let count = bytes.popFirst().map({ Int($0) }), bytes.count >= count else { return nil }
        defer { bytes.removeFirst(count) }
        return Slug(String(decoding: bytes.prefix(count), as: UTF8.self))
    }
}
