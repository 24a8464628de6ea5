import Glibc

/// Writes bytes to a file descriptor that somebody else owns, whatever kind of file it is.
enum DescriptorWriting {
    /// How much was written before it could not go on, and why not.
    struct Outcome: Hashable {
        let writtenCount: Int
        /// The `errno` that stopped it, `ETIMEDOUT` for a reader that took too long; nil when all is written.
        let failure: Int32?
    }

    /// Writes everything, or as much as goes before `deadline` (monotonic nanoseconds).
    ///
    /// A non-blocking descriptor is waited for; a blocking one may exceed the deadline by one `write`. A closed
    /// pipe is the failure `EPIPE` as long as the process ignores SIGPIPE.
    static func write(_ bytes: Span<UInt8>, to descriptor: Int32, deadline: UInt64) -> Outcome {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return Outcome(writtenCount: 0, failure: nil) }
            var written = 0
            while written < bytes.count {
                let count = unsafe Glibc.write(descriptor, start + written, bytes.count - written)
                if count >= 0 {
                    written += count
                    continue
                }
                switch errno {
                case EINTR: continue
                case EAGAIN:
                    let now = MonotonicClock.now()
                    guard now < deadline else { return Outcome(writtenCount: written, failure: ETIMEDOUT) }
                    DescriptorWriting.wait(for: descriptor, nanoseconds: deadline - now)
                case let failure: return Outcome(writtenCount: written, failure: failure)
                }
            }
            return Outcome(writtenCount: written, failure: nil)
        }
    }

    private static func wait(for descriptor: Int32, nanoseconds: UInt64) {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&entry, 1, Int32(clamping: nanoseconds / 1_000_000 + 1))
    }
}
