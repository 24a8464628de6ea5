import Exchange
import NIOHTTP1

extension HeadFacts {
    /// Reads the head once and keeps what decisions need.
    init(_ head: HTTPRequestHead) {
        self.init(method: head.method.rawValue, target: head.uri, minorVersion: head.version.minor)
        var isClosing = false
        var (hasUpgrade, namesUpgrade, stopsParser) = (false, false, false)
        self.keepsAlive = head.version.minor > 0
        for (name, value) in head.headers {
            // Names are compared by length first: most headers of an agent are none of these.
            switch name.utf8.count {
            case 4 where name.isSame(as: "host"): self.hosts.append(value)
            case 6 where name.isSame(as: "expect"): self.expectations.append(value)
            case 7 where name.isSame(as: "upgrade"):
                hasUpgrade = true
                self.upgrades += HeadFacts.options(value)
            case 9 where name.isSame(as: "x-api-key"): self.apiKeys.append(value)
            case 9 where name.isSame(as: "thread-id"): self.session = self.session ?? value
            case 10 where name.isSame(as: "session-id"): self.session = value
            case 10 where name.isSame(as: "connection"):
                let options = HeadFacts.options(value)
                if options.contains("close") { isClosing = true }
                if options.contains("keep-alive") { self.keepsAlive = true }
                if options.contains("upgrade") { (namesUpgrade, stopsParser) = (true, true) }
            case 11 where name.isSame(as: "openai-beta"): self.dialectHeaders.append(("openai-beta", value))
            case 12 where name.isSame(as: "content-type"): self.contentTypes.append(value)
            case 13 where name.isSame(as: "authorization"): self.authorizations.append(value)
            case 14 where name.isSame(as: "content-length"): self.contentLength = Int(value)
            case 14 where name.isSame(as: "anthropic-beta"): self.dialectHeaders.append(("anthropic-beta", value))
            case 15 where name.isSame(as: "x-router-strict"): self.isStrict = value.lowercased() == "true"
            // Nobody's header, which the parser takes for `Connection`.
            case 16 where name.isSame(as: "proxy-connection"):
                if HeadFacts.options(value).contains("upgrade") { stopsParser = true }
            case 16 where name.isSame(as: "content-encoding"): self.contentEncodings.append(value)
            case 17 where name.isSame(as: "transfer-encoding"): self.transferEncodings.append(value)
            case 17 where name.isSame(as: "anthropic-version"):
                self.dialectHeaders.append(("anthropic-version", value))
            case 24 where name.isSame(as: "x-claude-code-session-id"): self.session = value
            default: break
            }
        }
        // Behind a request that asks for an upgrade the parser reads nothing more, whether it is granted or not.
        if isClosing || stopsParser && hasUpgrade { self.keepsAlive = false }
        // HTTP/1.0 knows no upgrades.
        if !namesUpgrade || head.version.minor == 0 { self.upgrades = [] }
    }

    /// The members of a list, in lower case; by bytes, as the parser reads it.
    private static func options(_ value: String) -> [String] {
        value.lowercased().utf8.split(separator: UInt8(ascii: ",")).map { option in
            String(decoding: option.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }, as: UTF8.self)
        }
    }
}

extension String {
    /// Whether the text is `lowercase`, whatever its own case; both are ASCII.
    fileprivate func isSame(as lowercase: String) -> Bool {
        let (left, right) = (self.utf8Span.span, lowercase.utf8Span.span)
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] {
            guard left[index] &+ 0x20 == right[index], (0x41...0x5a).contains(left[index]) else { return false }
        }
        return true
    }
}
