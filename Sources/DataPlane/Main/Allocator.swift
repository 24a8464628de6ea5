import CMimalloc
import Glibc

/// The allocator of a data plane: mimalloc, which takes the place of the C library's in all that the process does.
///
/// A request makes some 90 small allocations and a few of 1 to 16 KiB, libcurl's among them. The C library's allocator
/// spends 6 µs of CPU more on them than this one does (Docs/Performance.md, fourth result).
enum Allocator {
    /// Its name and version, or what is used in its stead.
    ///
    /// Asking for it is also what keeps the library in the program: nothing else names it.
    static var name: String {
        let probe = unsafe malloc(64)
        defer { unsafe free(probe) }
        let version = mi_version()
        guard unsafe mi_is_in_heap_region(probe) else { return "libc" }
        return "mimalloc \(version / 100).\(version / 10 % 10).\(version % 10)"
    }

    /// Lets memory that nobody uses any more be used again for a second before the kernel has it back.
    ///
    /// After the library's own 25 ms most buffers of 200 KB come back as pages that the kernel clears anew: an eighth of
    /// what a translated request of that size costs.
    static func keepMemory() {
        mi_option_set_default(mi_option_decommit_delay, 1000)
    }
}
