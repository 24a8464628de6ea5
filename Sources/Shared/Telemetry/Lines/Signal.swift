import Glibc

/// Something one thread raises and another waits for, kept as a byte in a pipe.
final class Signal: Sendable {
    private let readEnd: Int32
    private let writeEnd: Int32

    /// Nil when there are no descriptors left.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0, ends.count == 2 else { return nil }
        self.readEnd = ends[0]
        self.writeEnd = ends[1]
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
    }

    deinit {
        close(self.readEnd)
        close(self.writeEnd)
    }

    /// Never waits: a full pipe says the same as one byte more.
    func raise() {
        var byte: UInt8 = 1
        _ = unsafe write(self.writeEnd, &byte, 1)
    }

    /// Takes back what was raised so far.
    func lower() {
        var bytes: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0]
        while unsafe read(self.readEnd, &bytes, bytes.count) == bytes.count {}
    }

    /// Returns when the signal is up, or the time is over; -1 waits without end.
    func wait(milliseconds: Int32) {
        var entry = pollfd(fd: self.readEnd, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&entry, 1, milliseconds)
    }
}
