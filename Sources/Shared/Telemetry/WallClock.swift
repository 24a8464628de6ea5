import Glibc

/// The time of day, as good as this machine knows it; for what people and other machines read.
package enum WallClock {
    /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    package static func now() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
    }
}
