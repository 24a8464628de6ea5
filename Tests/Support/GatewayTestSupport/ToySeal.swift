/// Sealing without cryptography for cores that are given a seal: different for different keys, and it notices changes.
package enum ToySeal {
    package static func seal(key: UInt64) -> @Sendable (_ content: [UInt8], _ context: [UInt8]) -> [UInt8]? {
        { content, context in ToySeal.hidden(content, key) + ToySeal.code(content, context, key) }
    }

    package static func open(key: UInt64) -> @Sendable (_ sealed: [UInt8], _ context: [UInt8]) -> [UInt8]? {
        { sealed, context in
            guard sealed.count >= 8 else { return nil }
            let content = ToySeal.hidden(Array(sealed.dropLast(8)), key)
            return ToySeal.code(content, context, key).elementsEqual(sealed.suffix(8)) ? content : nil
        }
    }

    private static func hidden(_ bytes: [UInt8], _ key: UInt64) -> [UInt8] {
        var generator = SeededGenerator(seed: key)
        return bytes.map { $0 ^ generator.byte() }
    }

    private static func code(_ content: [UInt8], _ context: [UInt8], _ key: UInt64) -> [UInt8] {
        let seed = (context + [0] + content).reduce(key) { ($0 &* 31) &+ UInt64($1) &+ 1 }
        var generator = SeededGenerator(seed: seed)
        return (0..<8).map { _ in generator.byte() }
    }
}
