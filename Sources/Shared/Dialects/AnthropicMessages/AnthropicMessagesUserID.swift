import Wire

/// What a `metadata.user_id` says.
///
/// Claude Code gives it two forms, JSON and parts joined by `_`, that name a device, an account and a session.
struct AnthropicMessagesUserID {
    /// Who it is, without the session: the same in all of a person's conversations.
    ///
    /// Nil where only a session is named.
    let user: String?
    /// The session, where it is an id that says nothing else.
    let session: String?
    /// Whether a device or an account is named beside it, which no other provider is to know.
    let isTelling: Bool

    init(_ text: String) {
        if let value = try? JSONReader.read(Array(text.utf8), maximumDepth: 4), case .object(var object) = value {
            self.session = AnthropicMessagesUserID.sessionID(object["session_id"]?.stringValue)
            object["session_id"] = nil
            self.user = JSONValue.object(object).saysNothing ? nil : JSONWriter.text(.object(object))
            self.isTelling = true
            return
        }
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard let place = parts.lastIndex(of: "session"), place + 2 == parts.count else {
            self.user = text
            self.session = nil
            self.isTelling = false
            return
        }
        self.session = AnthropicMessagesUserID.sessionID(parts.last.map(String.init))
        let rest = parts[..<place].joined(separator: "_")
        self.user = rest.isEmpty ? nil : rest
        self.isTelling = true
    }

    /// Other texts would say more than that two requests belong together.
    private static func sessionID(_ text: String?) -> String? {
        guard let text, (1...64).contains(text.utf8.count) else { return nil }
        let isID = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return isID ? text : nil
    }
}
