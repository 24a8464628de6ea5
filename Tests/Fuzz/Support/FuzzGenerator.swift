/// SplitMix64: chance that the fuzzer's seed repeats.
struct FuzzGenerator {
    private var state: UInt64

    init(seed: UInt32) { self.state = UInt64(seed) }

    /// A number from 0 to below the limit; 0 for a limit of 0.
    mutating func below(_ limit: Int) -> Int {
        self.state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = self.state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return limit > 0 ? Int((mixed ^ (mixed >> 31)) % UInt64(limit)) : 0
    }
}
