/// What the fuzzer passes to an entry.
enum FuzzInput {
    static func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
        unsafe Array(UnsafeBufferPointer(start: start, count: count))
    }

    /// Ends the process, which the fuzzer takes for a find, unless the condition holds.
    static func require(_ condition: Bool, _ what: @autoclosure () -> String) {
        // A precondition would be silent in an optimized build.
        if !condition { fatalError(what()) }
    }
}
