import CMalloc

/// Tells the C library's allocator what a data plane does with memory.
enum MemoryTuning {
    /// Allocations above this are mapped and unmapped one by one.
    ///
    /// By default that begins at 128 KiB: the body of every agent's turn would be mapped, faulted in page by page
    /// and unmapped again.
    private static let mappedFrom: Int32 = 8 * 1024 * 1024
    /// Free memory at the end of a heap above this goes back to the system.
    private static let keptFree: Int32 = 8 * 1024 * 1024

    static func apply() {
        _ = mallopt(M_MMAP_THRESHOLD, MemoryTuning.mappedFrom)
        _ = mallopt(M_TRIM_THRESHOLD, MemoryTuning.keptFree)
    }
}
