package import Canonical
import Identity

/// How a provider's blob of reasoning travels through a caller of another dialect and back.
///
/// Reasoning without a blob gets an empty envelope, so that it is known again as another dialect's: a provider of the
/// caller's own would refuse it.
///
/// `rs1.` + base64url(content) + `.` + base64url(the first 16 bytes of a MAC over all before it). The content:
///
/// | bytes | what |
/// |---|---|
/// | 1 | length of the provider's slug |
/// | n | the provider's slug |
/// | 1 | length of the model's slug |
/// | n | the model's slug |
/// | 1 | the blob's kind, as in ``OpaqueReasoning/Kind`` |
/// | rest | the blob as the provider wrote it, in UTF-8 |
///
/// The version is in the prefix, which the MAC covers. The MAC is a function that the caller passes: this core knows
/// no keys.
package enum ReasoningEnvelope {
    /// A message authentication code of at least ``macLength`` bytes.
    package typealias MAC = @Sendable (_ bytes: [UInt8]) -> [UInt8]

    /// What a caller's opaque text is.
    package enum Opened: Hashable, Sendable {
        /// Ours, and made by the target it was opened for.
        case native(OpaqueReasoning.Kind, String)
        /// Ours, but another target made it.
        case otherTarget(ReasoningBinding)
        /// Ours, around no blob: there is nothing that only its maker could read.
        case unsigned
        /// Not ours: a provider's own blob, or nothing sensible.
        case foreign
        /// Looks like ours but was changed on its way, or sealed with another key.
        case tampered
    }

    package static let macLength = 16
    private static let prefix = "rs1."

    package static func seal(
        _ kind: OpaqueReasoning.Kind,
        _ payload: String,
        by maker: ReasoningBinding,
        mac: MAC
    ) -> String {
        var content = SlugBytes.write(maker.provider)
        content.append(contentsOf: SlugBytes.write(maker.model))
        content.append(contentsOf: kind.rawValue.utf8)
        content.append(contentsOf: payload.utf8)
        let text = ReasoningEnvelope.prefix + Base64URL.encode(content)
        return "\(text).\(Base64URL.encode(Array(mac(Array(text.utf8)).prefix(ReasoningEnvelope.macLength))))"
    }

    package static func open(_ text: String, for target: ReasoningBinding, mac: MAC) -> Opened {
        guard text.hasPrefix(ReasoningEnvelope.prefix) else { return .foreign }
        guard let content = ReasoningEnvelope.content(of: text, mac: mac) else { return .tampered }
        guard content.kind != .unsigned else { return .unsigned }
        guard content.maker == target else { return .otherTarget(content.maker) }
        return .native(content.kind, content.payload)
    }

    /// Who made the blob; nil for what is not ours or was changed, and where there is none: thoughts that all can read
    /// are no reason to stay with who had them.
    package static func maker(of text: String, mac: MAC) -> ReasoningBinding? {
        guard let content = ReasoningEnvelope.content(of: text, mac: mac), content.kind != .unsigned else { return nil }
        return content.maker
    }

    /// What the blob says of its kind, whoever wrote that: nothing is authenticated.
    static func kind(of text: String) -> OpaqueReasoning.Kind? {
        let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, "\(parts[0])." == ReasoningEnvelope.prefix, let bytes = Base64URL.decode(parts[1])
        else { return nil }
        return ReasoningContent(bytes)?.kind
    }

    private static func content(of text: String, mac: MAC) -> ReasoningContent? {
        let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, "\(parts[0])." == ReasoningEnvelope.prefix,
            let given = Base64URL.decode(parts[2]),
            let bytes = Base64URL.decode(parts[1])
        else { return nil }
        let expected = mac(Array("\(parts[0]).\(parts[1])".utf8)).prefix(ReasoningEnvelope.macLength)
        guard given.count == ReasoningEnvelope.macLength, ReasoningEnvelope.isSame(given[...], expected) else {
            return nil
        }
        return ReasoningContent(bytes)
    }

    /// Takes the same time wherever the two differ.
    private static func isSame(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (one, other) in zip(left, right) { difference |= one ^ other }
        return difference == 0
    }
}
