/// Draws the same target for the same session for as long as it is there, by highest random weight (Thaler and
/// Ravishankar 1998): a target that comes or goes moves no session but its own.
enum Affinity {
    /// The index of the weight that the key draws; each as often as its share, over many keys.
    ///
    /// `names` are hashes that tell the drawn apart for good. Nil for no weight above zero.
    static func draw(_ weights: [(name: UInt64, weight: Int)], key: UInt64) -> Int? {
        var best: (index: Int, score: Double)?
        for (index, drawn) in weights.enumerated() where drawn.weight > 0 {
            var generator = SplitMix64(state: key ^ drawn.name)
            // In (0, 1]: the logarithm of 0 is none.
            let uniform = Double((generator.next() >> 11) + 1) / Double(1 << 53)
            let score = -Double(drawn.weight) / Affinity.logarithm(uniform)
            if best.map({ score > $0.score }) ?? true { best = (index, score) }
        }
        return best?.index
    }

    /// The natural logarithm of a number in (0, 1]; of 1 just below zero, so that it can be divided by.
    static func logarithm(_ value: Double) -> Double {
        // log(m·2^e) = e·log 2 + log m, the latter by its series in (m-1)/(m+1), which is at most a third.
        let significand = value.significand
        let step = (significand - 1) / (significand + 1)
        let square = step * step
        var sum = 0.0
        for power in stride(from: 15, through: 1, by: -2) { sum = sum * square + 1 / Double(power) }
        let result = Double(value.exponent) * 0.693_147_180_559_945_3 + 2 * step * sum
        return min(result, -0x1p-60)
    }

    /// A hash of a text that is the same on every node (FNV-1a, 64 bits).
    static func hash(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return hash
    }
}
