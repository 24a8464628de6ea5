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

    private static func draw() -> [UInt64] {
        unsafe [UInt64](unsafeUninitializedCapacity: RandomPool.drawn) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            unsafe arc4random_buf(start, RandomPool.drawn * MemoryLayout<UInt64>.stride)
            count = RandomPool.drawn
        }
    }
}
