import NIOCore
import Testing

@testable import Ingress

/// What a connection reads into.
@Suite struct ReadBufferAllocatorTests {
    /// As a channel reads: `length` bytes have come; returns the buffer's capacity.
    @discardableResult
    private func read(_ length: Int, _ pool: inout NIOPooledRecvBufferAllocator) -> Int {
        let (buffer, taken) = pool.buffer(allocator: ByteBufferAllocator()) { buffer in
            buffer.writeRepeatingByte(1, count: min(length, buffer.writableBytes))
        }
        pool.record(actualReadBytes: taken)
        return buffer.capacity
    }

    /// As many as the channels of the gateway keep.
    private var pool: NIOPooledRecvBufferAllocator {
        NIOPooledRecvBufferAllocator(capacity: 1, recvAllocator: ReadBufferAllocator())
    }

    @Test func `small reads go into one buffer of 4 KiB`() {
        var pool = self.pool
        for _ in 0..<10 { #expect(self.read(700, &pool) == 4096) }
        #expect(pool.count == 1)
    }

    @Test func `a turn of 200 KB takes three reads on a new connection, and one on a used one`() {
        var pool = self.pool
        var capacities: [Int] = []
        var rest = 200_000
        while rest > 0 {
            capacities.append(self.read(rest, &pool))
            rest -= capacities.last ?? rest
        }
        #expect(capacities == ReadBufferAllocator.sizes)
        for _ in 0..<3 { #expect(self.read(200_000, &pool) == 256 * 1024) }
    }

    @Test func `what NIO keeps after large reads is the small buffer`() {
        var pool = self.pool
        for _ in 0..<5 { self.read(200_000, &pool) }
        // It steps down as little comes, and finds the first buffer again.
        let capacities = (0..<6).map { _ in self.read(100, &pool) }
        #expect(capacities == [262_144, 262_144, 32_768, 32_768, 4096, 4096])
        #expect(pool.count == 1)
    }

    @Test func `one small read between large ones changes nothing`() {
        var pool = self.pool
        for _ in 0..<4 { self.read(200_000, &pool) }
        for _ in 0..<5 {
            #expect(self.read(100, &pool) == 256 * 1024)
            #expect(self.read(200_000, &pool) == 256 * 1024)
        }
    }
}
