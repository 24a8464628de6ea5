import Glibc

/// What a set of processes has used.
struct ProcessUsage {
    private let processes: [Int32]

    init(_ processes: [Int32]) {
        self.processes = processes
    }

    /// User and system time of all threads, ended ones included.
    ///
    /// It is the sum of `utime` and `stime` in `/proc/PID/stat`, but in nanoseconds instead of ticks. Nil when there
    /// is no process or one is gone.
    var cpuNanoseconds: UInt64? {
        guard !self.processes.isEmpty else { return nil }
        var sum: UInt64 = 0
        for process in self.processes {
            var clock = clockid_t()
            var time = timespec()
            guard unsafe clock_getcpuclockid(process, &clock) == 0, unsafe clock_gettime(clock, &time) == 0 else {
                return nil
            }
            sum += UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        }
        return sum
    }

    /// Kilobytes in memory, `VmRSS` of `/proc/PID/status`; nil when there is no process or one is gone.
    var residentKilobytes: Int? {
        guard !self.processes.isEmpty else { return nil }
        var sum = 0
        for process in self.processes {
            guard let status = TextFile.read("/proc/\(process)/status"),
                let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
                let kilobytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({
                    Int($0)
                })
            else { return nil }
            sum += kilobytes
        }
        return sum
    }
}
