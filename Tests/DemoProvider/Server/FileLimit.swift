import Glibc

/// How many files and connections the process may have open.
enum FileLimit {
    /// Raises the soft limit to the hard one: each stream takes a descriptor, and the usual soft limit is 1024.
    static func raise() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
