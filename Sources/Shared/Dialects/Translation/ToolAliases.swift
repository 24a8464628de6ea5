package import Canonical

/// The names that a request's tools have on a wire without namespaces and long names, and the way back.
///
/// Deterministic and without state: the same tools always get the same names, so that a history replayed on a
/// later turn fits its tools again. A namespace is joined by two underscores. A name that does not match
/// `[A-Za-z0-9_-]{1,64}` becomes its longest sound beginning and eight hexadecimal digits of a hash.
package struct ToolAliases: Hashable, Sendable {
    package struct Original: Hashable, Sendable {
        package var name: ToolName
        package var kind: ToolCall.Kind
    }

    private var originals: [String: Original] = [:]

    /// The longest name that every provider takes.
    package static let maximumLength = 64

    /// Throws when two tools would have the same name, naming both.
    package init(_ tools: [ToolDefinition]) throws(TranslationRefusal) {
        for tool in tools {
            let kind: ToolCall.Kind
            switch tool.kind {
            case .function: kind = .function
            case .custom: kind = .custom
            case .toolSearch: kind = .toolSearch
            case .hosted: continue
            }
            let alias = ToolAliases.wireName(tool.name)
            if let other = self.originals[alias], other.name != tool.name {
                throw TranslationRefusal(
                    "tools",
                    "`\(ToolAliases.readable(other.name))` and `\(ToolAliases.readable(tool.name))` "
                        + "have the same name once their namespaces are joined"
                )
            }
            self.originals[alias] = Original(name: tool.name, kind: kind)
        }
    }

    /// What the caller calls a tool that the model called; a name that no tool has is kept.
    package func original(of wireName: String) -> Original {
        self.originals[wireName] ?? Original(name: ToolName(wireName), kind: .function)
    }

    /// The name of a tool on the wire, the same in definitions, history and choices.
    package static func wireName(_ name: ToolName) -> String {
        let joined = name.namespace.map { "\($0)__\(name.name)" } ?? name.name
        guard !ToolAliases.isSound(joined) else { return joined }
        var beginning = ""
        for scalar in joined.unicodeScalars {
            guard beginning.utf8.count < ToolAliases.maximumLength - 9 else { break }
            beginning.unicodeScalars.append(ToolAliases.isSound(scalar) ? scalar : "_")
        }
        return "\(beginning)_\(ToolAliases.hash(joined))"
    }

    /// The id of a call on the wire: itself, or a hash of it when it holds what some providers refuse.
    package static func wireID(_ id: String) -> String {
        ToolAliases.isSound(id) ? id : "call_\(ToolAliases.hash(id))"
    }

    /// The id that the caller gets for a call of the answer to its request: itself, or a hash of both.
    ///
    /// Some providers number their calls anew in each answer, and others give none: of two answers, none is the same.
    package static func callerID(_ id: String, ofRequest requestID: String) -> String {
        ToolAliases.isSound(id) ? id : "call_\(ToolAliases.hash("\(requestID) \(id)"))"
    }

    private static func readable(_ name: ToolName) -> String {
        name.namespace.map { "\($0).\(name.name)" } ?? name.name
    }

    private static func isSound(_ text: String) -> Bool {
        (1...ToolAliases.maximumLength).contains(text.utf8.count)
            && text.utf8.allSatisfy { ToolAliases.isSound(Unicode.Scalar($0)) }
    }

    private static func isSound(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: false
        }
    }

    /// FNV-1a of 64 bits, folded to 32, as eight hexadecimal digits: names need no secrecy, only difference.
    private static func hash(_ text: String) -> String {
        var value: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let folded = UInt32(truncatingIfNeeded: value ^ (value >> 32))
        let digits = String(folded, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
