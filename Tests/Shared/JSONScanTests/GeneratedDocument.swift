import GatewayTestSupport

/// JSON objects of random shape in random spelling, and damaged copies of them.
struct GeneratedDocument {
    private var generator: SeededGenerator
    private var text = ""

    private static let pieces = [
        "a", "b", "model", "x y", "\\n", "\\\"", "\\\\", "\\/", "\\u0061", "\\u00e9", "é", "中", "😀", "\\ud83d\\ude00",
        "{",
        "}", "[", "]", ",", ":", "'", "0123456789abcdef", "\\t", "", " ", "\u{7F}", "role", "content",
    ]
    private static let scalars = [
        "0", "-0", "1", "-12", "1.5", "1e9", "-2.5E-3", "123456789012345678901", "true", "false", "null",
    ]
    private static let damage =
        Array("{}[]:,\"\\ \n0123456789eE+-.truefalsnu/ab".utf8) + [0x00, 0x1F, 0x80, 0xC3, 0xFF]

    static func object(seed: UInt64) -> [UInt8] {
        var document = GeneratedDocument(generator: SeededGenerator(seed: seed))
        document.space()
        document.object(depth: 0)
        document.space()
        return Array(document.text.utf8)
    }

    /// A generated object with one to three small changes, most of which break it.
    static func damaged(seed: UInt64) -> [UInt8] {
        var bytes = GeneratedDocument.object(seed: seed)
        var generator = SeededGenerator(seed: seed ^ 0xD1CE)
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<7, using: &generator) {
            case 0: bytes[index] = damage[Int.random(in: 0..<damage.count, using: &generator)]
            case 1: bytes.remove(at: index)
            case 2: bytes.insert(damage[Int.random(in: 0..<damage.count, using: &generator)], at: index)
            case 3: bytes.removeLast(min(bytes.count, Int.random(in: 1...8, using: &generator)))
            case 4: bytes.swapAt(index, Int.random(in: 0..<bytes.count, using: &generator))
            case 5:
                let end = min(bytes.count, index + Int.random(in: 1...24, using: &generator))
                bytes.insert(contentsOf: bytes[index..<end], at: index)
            default: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            }
        }
        return bytes
    }

    private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &self.generator) == 0 }

    private mutating func space() {
        while self.chance(4) { self.text += [" ", "\n", "\t", "\r"].randomElement(using: &self.generator) ?? "" }
    }

    private mutating func string() {
        self.text += "\""
        for _ in 0..<Int.random(in: 0...6, using: &self.generator) {
            self.text += GeneratedDocument.pieces.randomElement(using: &self.generator) ?? ""
        }
        self.text += "\""
    }

    private mutating func value(depth: Int) {
        switch Int.random(in: 0..<(depth > 5 ? 2 : 4), using: &self.generator) {
        case 0: self.text += GeneratedDocument.scalars.randomElement(using: &self.generator) ?? "0"
        case 1: self.string()
        case 2: self.object(depth: depth)
        default:
            self.text += "["
            self.space()
            for index in 0..<Int.random(in: 0...4, using: &self.generator) {
                if index > 0 { self.text += "," }
                self.space()
                self.value(depth: depth + 1)
                self.space()
            }
            self.text += "]"
        }
    }

    private mutating func object(depth: Int) {
        self.text += "{"
        self.space()
        // Now and then an object with so many names that they are hashed; twins are possible and wanted.
        let count = self.chance(12) ? 24 : Int.random(in: 0...5, using: &self.generator)
        for index in 0..<count {
            if index > 0 { self.text += "," }
            self.space()
            if count > 5 { self.text += "\"name\(index)\"" } else { self.string() }
            self.space()
            self.text += ":"
            self.space()
            self.value(depth: depth + 1)
            self.space()
        }
        self.text += "}"
    }

    private init(generator: SeededGenerator) {
        self.generator = generator
    }
}
