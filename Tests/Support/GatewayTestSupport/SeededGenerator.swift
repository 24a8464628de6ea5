/// Random numbers that are the same in every run for the same seed (SplitMix64), so that a failure can be had again.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        self.state = seed
    }

    package mutating func next() -> UInt64 {
        self.state &+= 0x9E37_79B9_7F4A_7C15
        var word = self.state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    /// One random byte, for what asks for bytes one by one.
    package mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: self.next()) }
}
