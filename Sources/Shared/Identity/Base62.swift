/// Digits `0-9A-Za-z`: text that survives a double click, a URL and a shell.
package enum Base62 {
    package static let digits: [UInt8] = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    package static func allows(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    /// The value in exactly `width` digits, most significant first, higher digits cut off.
    package static func encode(_ value: UInt32, width: Int) -> [UInt8] {
        var rest = value
        var text = [UInt8](repeating: UInt8(ascii: "0"), count: width)
        for index in text.indices.reversed() {
            text[index] = Base62.digits[Int(rest % 62)]
            rest /= 62
        }
        return text
    }

    /// Random digits from random bytes, without bias: bytes of 248 and more are passed over.
    ///
    /// `next` is asked for one random byte at a time until there are `count` digits (1.03 bytes per digit).
    package static func random(count: Int, next: () -> UInt8) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(count)
        while text.count < count {
            let byte = next()
            if byte < 248 { text.append(Base62.digits[Int(byte % 62)]) }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
