package import Identity
import Wire

/// Whether a request is sent again, to the same target, without the reasoning that the target refused or missed.
///
/// Only when the refusal says so beyond doubt, once for a request, and never when it is strict: the caller then gets
/// the refusal. A refusal may quote what the caller wrote, so only codes and whole beginnings count.
package struct ReasoningRetry: Hashable, Sendable {
    private var isSpent = false

    package init() {}

    /// Whether to send the request again; true at most once.
    ///
    /// `body` is what the target answered with, and `dialect` the one in which it was asked.
    package mutating func begins(status: Int, body: [UInt8], dialect: Dialect, isStrict: Bool) -> Bool {
        guard status == 400, !self.isSpent, !isStrict, ReasoningRetry.refusesReasoning(body, dialect) else {
            return false
        }
        self.isSpent = true
        return true
    }

    private static func refusesReasoning(_ body: [UInt8], _ dialect: Dialect) -> Bool {
        guard let error = (try? JSONReader.read(body))?["error"] else { return false }
        let text = error["message"]?.stringValue ?? ""
        switch dialect {
        case .openAIChat: return false
        case .openAIResponses:
            // `{"code":"invalid_encrypted_content","message":"The encrypted content gAAA…Zw== could not be verified."}`
            return error["code"]?.stringValue == "invalid_encrypted_content"
                || (text.hasPrefix("The encrypted content ") && text.contains(" could not be verified"))
        case .anthropicMessages:
            // "messages.1.content.0: Invalid `signature` in `thinking` block"
            let said = ReasoningRetry.withoutPath(text)
            return said.hasPrefix("Invalid `signature` in `thinking` block")
                || said.hasPrefix("Invalid `data` in `redacted_thinking` block")
                // "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`. When …"
                || said.hasPrefix("Expected `thinking` or `redacted_thinking`, but found `")
        }
    }

    /// The text behind the path of the block that it is about.
    private static func withoutPath(_ text: String) -> Substring {
        guard text.hasPrefix("messages."), let colon = text.firstIndex(of: ":") else { return text[...] }
        let isPath = text[..<colon].utf8.allSatisfy { byte in
            byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte)
                || (0x61...0x7a).contains(byte)
        }
        return isPath ? text[text.index(after: colon)...].drop { $0 == " " } : text[...]
    }
}
