import Glibc

/// A clock that never goes back and that nobody can set; for durations, timeouts and staleness.
package enum MonotonicClock {
    /// Nanoseconds since an unspecified moment, the same for all threads of this machine.
    package static func now() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_nsec)
    }
}
