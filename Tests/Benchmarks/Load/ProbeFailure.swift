/// A target did not give the answer that the benchmark is about.
struct ProbeFailure: Error, CustomStringConvertible {
    /// What it gave instead, cut to a readable length.
    let seen: String

    var description: String { self.seen }
}
