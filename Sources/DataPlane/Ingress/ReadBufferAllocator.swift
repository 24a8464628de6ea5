import NIOCore

/// Chooses how large a buffer a connection reads into, and lets a large one go as soon as it was read.
///
/// NIO keeps a buffer for each connection. A connection on which agents' turns of 200 KB arrive would hold 256 KiB
/// while its answer streams, and while nothing comes at all. Here it keeps one of `keptBytes`, enough for small
/// requests; larger ones are taken from the allocator for one read, where all connections of a loop find the same
/// warm memory. Goes with `maxMessagesPerRead` 1: with more, NIO would keep as many buffers.
struct ReadBufferAllocator: RecvByteBufferAllocator {
    static let keptBytes = 4096
    static let maximumBytes = 256 * 1024

    private var sizes = AdaptiveRecvByteBufferAllocator(
        minimum: ReadBufferAllocator.keptBytes,
        initial: ReadBufferAllocator.keptBytes,
        maximum: ReadBufferAllocator.maximumBytes
    )

    /// Nil, which means a buffer that is not kept, where the kept one is too small.
    func nextBufferSize() -> Int? { self.keeps ? ReadBufferAllocator.keptBytes : nil }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer { self.sizes.buffer(allocator: allocator) }

    /// Returns true for a next buffer that is not the kept one.
    mutating func record(actualReadBytes: Int) -> Bool {
        _ = self.sizes.record(actualReadBytes: actualReadBytes)
        return !self.keeps
    }

    private var keeps: Bool { self.sizes.nextBufferSize().map { $0 <= ReadBufferAllocator.keptBytes } ?? true }
}
