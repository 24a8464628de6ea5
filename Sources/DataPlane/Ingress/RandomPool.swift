import Glibc

/// Random words for ids and weights, drawn from the system 256 at a time: one call instead of one per word.
struct RandomPool {
    private var words: [UInt64] = []

    private static let drawn = 256

    mutating func next() -> UInt64 {
        if let word = self.words.popLast() { return word }
        self.words = RandomPool.draw()
        var generator = SystemRandomNumberGenerator()
        return self.words.popLast() ?? generator.next()
    }

    /// Empty when the system has none to give in one piece: the caller then asks for a single word.
    private static func draw() -> [UInt64] {
        let size = RandomPool.drawn * MemoryLayout<UInt64>.stride
        return unsafe [UInt64](unsafeUninitializedCapacity: RandomPool.drawn) { buffer, count in
            let got = unsafe getrandom(buffer.baseAddress, size, 0)
            count = got == size ? RandomPool.drawn : 0
        }
    }
}
