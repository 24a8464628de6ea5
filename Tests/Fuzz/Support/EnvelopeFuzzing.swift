import Canonical
import Dialects
import Identity

/// What must hold for every opaque text that a caller sends back.
enum EnvelopeFuzzing {
    static func check(_ bytes: [UInt8]) {
        guard let provider = Slug("provider"), let model = Slug("model") else { return }
        let target = ReasoningBinding(provider: provider, model: model)
        let text = String(decoding: bytes, as: UTF8.self)
        // A code that is the same for all lets the fuzzer through to what stands inside.
        let opened = ReasoningEnvelope.open(text, for: target) { _ in EnvelopeFuzzing.constant }
        if case .native(let kind, let payload) = opened { EnvelopeFuzzing.checkSeal(kind, payload, target) }
        EnvelopeFuzzing.checkSeal(.encryptedContent, text, target)
    }

    private static func checkSeal(_ kind: OpaqueReasoning.Kind, _ payload: String, _ maker: ReasoningBinding) {
        let sealed = ReasoningEnvelope.seal(kind, payload, by: maker, mac: EnvelopeFuzzing.checksum)
        let opened = ReasoningEnvelope.open(sealed, for: maker, mac: EnvelopeFuzzing.checksum)
        FuzzInput.require(opened == .native(kind, payload), "a sealed blob that does not open as it was")
        let other = ReasoningBinding(provider: maker.model, model: maker.provider)
        FuzzInput.require(
            ReasoningEnvelope.open(sealed, for: other, mac: EnvelopeFuzzing.checksum) == .otherTarget(maker),
            "a blob that another target opens"
        )
        FuzzInput.require(
            ReasoningEnvelope.open(sealed, for: maker) { _ in EnvelopeFuzzing.constant } == .tampered,
            "a blob that another key opens"
        )
    }

    private static let constant = Array(repeating: UInt8(ascii: "i"), count: ReasoningEnvelope.macLength)

    @Sendable private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
        let sum = CRC32.checksum(of: bytes)
        return (0..<ReasoningEnvelope.macLength).map { UInt8(truncatingIfNeeded: sum >> (8 * UInt32($0 % 4))) }
    }
}
