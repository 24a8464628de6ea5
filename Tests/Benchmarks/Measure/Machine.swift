import Glibc

/// The machine that the benchmark runs on.
enum Machine {
    /// Cores, processor and memory, as one line.
    static var summary: String {
        let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        let processor = Machine.value(of: "model name", in: "/proc/cpuinfo") ?? "unknown processor"
        let memory = Machine.value(of: "MemTotal", in: "/proc/meminfo").flatMap { Int($0.split(separator: " ")[0]) }
        let gibibytes = memory.map { "\(($0 + (1 << 19)) >> 20) GiB" } ?? "unknown memory"
        return "\(cores) cores, \(processor), \(gibibytes)"
    }

    /// The load average of the last minute: more than the benchmark itself makes the numbers doubtful.
    static var load: String {
        TextFile.read("/proc/loadavg")?.split(separator: " ").first.map(String.init) ?? "unknown"
    }

    private static func value(of name: String, in path: String) -> String? {
        guard let line = TextFile.read(path)?.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else {
            return nil
        }
        return line.split(separator: ":").dropFirst().first.map { String($0.drop { $0 == " " }) }
    }
}
