import Wire

/// Where a list goes on: the key of the last item, in a form that nobody is tempted to write by hand.
package struct PageCursor: Hashable, Sendable {
    package let lastKey: String

    package init(lastKey: String) {
        self.lastKey = lastKey
    }

    /// Nil when the text is no cursor.
    package init?(text: String) {
        guard (1...1024).contains(text.utf8.count), !text.utf8.contains(where: { "+/=".utf8.contains($0) }) else {
            return nil
        }
        var base64 = ""
        for character in text {
            switch character {
            case "-": base64.append("+")
            case "_": base64.append("/")
            default: base64.append(character)
            }
        }
        base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard let bytes = Base64.decode(base64), let key = String(validating: bytes, as: UTF8.self),
            // No key of any list holds one, and PostgreSQL refuses a NUL.
            bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7f })
        else { return nil }
        self.lastKey = key
    }

    /// Base64url without padding (RFC 4648 §5).
    package var text: String {
        var text = ""
        for character in Base64.encode(Array(self.lastKey.utf8)) {
            switch character {
            case "+": text.append("-")
            case "/": text.append("_")
            case "=": break
            default: text.append(character)
            }
        }
        return text
    }
}
