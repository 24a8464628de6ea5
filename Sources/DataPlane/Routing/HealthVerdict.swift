/// Whether a candidate may be asked now; times are nanoseconds on the monotonic clock.
package enum HealthVerdict: Hashable, Sendable {
    case ready
    /// It failed lately, or its provider refused us, and others come first until then; better than nothing, all the
    /// same.
    case ejected(until: UInt64)
    /// Its provider asked to be left alone until then.
    case held(until: UInt64)

    /// When it is asked in its turn again; 0 for one that is.
    var until: UInt64 {
        switch self {
        case .ready: 0
        case .ejected(let until), .held(let until): until
        }
    }
}
