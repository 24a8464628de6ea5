#if canImport(Glibc)
    import Glibc
#endif

/// Bytes that end exactly where a page begins that nobody may read: one byte too far ends the process.
@safe struct GuardedBytes: ~Copyable {
    private let mapping: UnsafeMutableRawPointer
    private let mappingSize: Int
    private let bytes: UnsafeBufferPointer<UInt8>

    init(_ content: [UInt8]) {
        let page = 4096
        let size = (content.count + page - 1) / page * page
        let flags = MAP_PRIVATE | MAP_ANONYMOUS
        guard let mapping = unsafe mmap(nil, size + page, PROT_READ | PROT_WRITE, flags, -1, 0),
            unsafe mapping != MAP_FAILED, unsafe mprotect(mapping + size, page, PROT_NONE) == 0
        else { fatalError("no memory for a guarded buffer") }
        let start = unsafe mapping + (size - content.count)
        unsafe start.copyMemory(from: content, byteCount: content.count)
        unsafe self.mapping = mapping
        self.mappingSize = size + page
        unsafe self.bytes = UnsafeBufferPointer(
            start: start.assumingMemoryBound(to: UInt8.self),
            count: content.count
        )
    }

    deinit {
        unsafe munmap(self.mapping, self.mappingSize)
    }

    func withSpan<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        unsafe body(self.bytes.span)
    }
}
