import NIOCore

/// Chooses how large a buffer a connection reads into, and lets a large one go as soon as it was read.
///
/// NIO keeps a buffer for each connection. A connection on which agents' turns of 200 KB arrive would hold 256 KiB
/// while its answer streams, and while nothing comes at all. Here it keeps one of 4 KiB, enough for small requests;
/// larger ones are taken from the allocator for one read, where all connections of a loop find the same warm memory.
/// Goes with `maxMessagesPerRead` 1: with more, NIO would keep as many buffers.
struct ReadBufferAllocator: RecvByteBufferAllocator {
    /// In bytes, and in large steps: a turn that comes on a new connection is to take few reads.
    static let sizes = [4 * 1024, 32 * 1024, 256 * 1024]

    private var size = ReadBufferAllocator.sizes[0]
    /// Whether the last read would have found room in a smaller buffer.
    private var wasSmall = false

    /// Nil, which means a buffer that is not kept, where the kept one is too small.
    func nextBufferSize() -> Int? { self.keeps ? self.size : nil }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer { allocator.buffer(capacity: self.size) }

    /// A full buffer is followed by a larger one, and two reads in a row for which a smaller one would do by that.
    ///
    /// Returns true for a next buffer that is not the kept one.
    mutating func record(actualReadBytes: Int) -> Bool {
        let smaller = ReadBufferAllocator.sizes.last { $0 < self.size }
        let isSmall = smaller.map { actualReadBytes <= $0 } ?? false
        if actualReadBytes >= self.size {
            self.size = ReadBufferAllocator.sizes.first { $0 > self.size } ?? self.size
        } else if isSmall, self.wasSmall, let smaller {
            self.size = smaller
            self.wasSmall = false
            return !self.keeps
        }
        self.wasSmall = isSmall
        return !self.keeps
    }

    private var keeps: Bool { self.size == ReadBufferAllocator.sizes.first }
}
