import Canonical
import Wire

/// What a provider's own tool did, in words for a model of another provider.
enum HostedText {
    static func text(type: String, _ value: JSONValue, losses: inout LossReport) -> String {
        losses.approximate(.hosted(type: FieldName.printable(type)))
        return "[\(type)] \(JSONWriter.text(HostedText.readable(value)))"
    }

    /// The value without what only its provider can read.
    private static func readable(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool, .number, .string: return value
        case .array(let elements): return .array(elements.map { HostedText.readable($0) })
        case .object(let object):
            let kept = object.members.filter { !$0.name.hasPrefix("encrypted_") }
            return .object(JSONObject(kept.map { ($0.name, HostedText.readable($0.value)) }))
        }
    }
}
