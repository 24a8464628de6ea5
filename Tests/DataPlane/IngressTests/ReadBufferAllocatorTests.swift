import NIOCore
import Testing

@testable import Ingress

/// What a connection reads into.
@Suite struct ReadBufferAllocatorTests {
    private func sizeOfNext(_ allocator: ReadBufferAllocator) -> Int {
        allocator.buffer(allocator: ByteBufferAllocator()).capacity
    }

    @Test func `small reads go into one buffer that is kept`() {
        var allocator = ReadBufferAllocator()
        for _ in 0..<10 {
            #expect(allocator.nextBufferSize() == ReadBufferAllocator.keptBytes)
            #expect(self.sizeOfNext(allocator) == ReadBufferAllocator.keptBytes)
            let mayGrow = allocator.record(actualReadBytes: 700)
            #expect(!mayGrow)
        }
    }

    @Test func `large reads go into larger buffers, none of which is kept`() {
        var allocator = ReadBufferAllocator()
        var sizes: [Int] = []
        for _ in 0..<20 {
            let size = self.sizeOfNext(allocator)
            sizes.append(size)
            let isNew = allocator.record(actualReadBytes: size)
            #expect(isNew && allocator.nextBufferSize() == nil)
        }
        #expect(sizes == sizes.sorted())
        #expect(sizes.first == ReadBufferAllocator.keptBytes)
        #expect(sizes.last == ReadBufferAllocator.maximumBytes)
    }

    @Test func `a connection on which little comes again is back at the kept buffer`() {
        var allocator = ReadBufferAllocator()
        for _ in 0..<20 { _ = allocator.record(actualReadBytes: self.sizeOfNext(allocator)) }
        for _ in 0..<40 { _ = allocator.record(actualReadBytes: 100) }
        #expect(allocator.nextBufferSize() == ReadBufferAllocator.keptBytes)
    }
}
