import CLibcurl
import Glibc
import NIOCore

/// The body of a running request: slices in order, and how far libcurl has read.
struct RequestBody {
    private enum Slice {
        case buffer(ByteBuffer)
        case bytes(ArraySlice<UInt8>)

        var count: Int {
            switch self {
            case .buffer(let buffer): buffer.readableBytes
            case .bytes(let bytes): bytes.count
            }
        }

        @unsafe func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
            switch self {
            case .buffer(let buffer): unsafe buffer.withUnsafeReadableBytes(body)
            case .bytes(let bytes): unsafe bytes.withUnsafeBytes(body)
            }
        }
    }

    private var slices: [Slice] = []
    private(set) var count = 0

    // Where the next read begins.
    private var slice = 0
    private var offset = 0

    /// Slices that together are smaller are joined: libcurl sends a short body in one piece with the header lines.
    static let joinBelow = 64 * 1024

    /// Bytes that libcurl should copy for one send: all of a usual request, so that it takes one turn of the loop.
    ///
    /// It holds them until the answer begins, hence not more than needed, from 64 to 512 KiB.
    static func uploadBuffer(for count: Int) -> Int {
        var size = Self.joinBelow
        while size < count, size < 512 * 1024 { size *= 2 }
        return size
    }

    init() {}

    /// `pieces` follow on the slices.
    init(_ slices: [ByteBuffer], _ pieces: [ArraySlice<UInt8>] = []) {
        let slices = slices.filter { $0.readableBytes > 0 }
        self.count = slices.reduce(pieces.reduce(0) { $0 + $1.count }) { $0 + $1.readableBytes }
        guard self.count < Self.joinBelow, slices.count > 1 || !pieces.isEmpty else {
            self.slices = slices.map { .buffer($0) }
            for piece in pieces where !piece.isEmpty { self.slices.append(.bytes(piece)) }
            return
        }
        var joined = ByteBufferAllocator().buffer(capacity: self.count)
        for slice in slices { joined.writeImmutableBuffer(slice) }
        for piece in pieces { joined.writeBytes(piece) }
        self.slices = [.buffer(joined)]
    }

    /// The bytes when they lie in one piece; nil when libcurl has to read them slice by slice.
    ///
    /// The pointer holds for as long as this body does: its buffer is never written to, and a writer that shares the
    /// buffer's storage gets a copy because this body holds a reference.
    @unsafe var contiguous: UnsafeRawPointer? {
        guard self.slices.count == 1, case .buffer(let only)? = self.slices.first else { return nil }
        return unsafe only.withUnsafeReadableBytesWithStorageManagement { bytes, _ in bytes.baseAddress }
    }

    /// Lets the memory go; reading gives nothing from now on.
    mutating func release() {
        self.slices = []
    }

    /// Copies the next bytes to `target` and gives their number; 0 = all are read.
    @unsafe mutating func read(into target: UnsafeMutableRawBufferPointer) -> Int {
        var written = 0
        while written < target.count, self.slices.indices.contains(self.slice) {
            let copied = unsafe self.slices[self.slice].withUnsafeBytes { bytes in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[self.offset...])
                let length = min(rest.count, target.count - written)
                let room = unsafe UnsafeMutableRawBufferPointer(rebasing: target[written..<written + length])
                unsafe room.copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<length]))
                return length
            }
            written += copied
            self.offset += copied
            if self.offset == self.slices[self.slice].count {
                self.slice += 1
                self.offset = 0
            }
        }
        return written
    }

    /// Starts reading anew at `position` from the beginning; false when there is no such position.
    mutating func seek(to position: Int) -> Bool {
        guard position >= 0, position <= self.count else { return false }
        self.slice = 0
        self.offset = position
        while self.slices.indices.contains(self.slice), self.offset >= self.slices[self.slice].count {
            self.offset -= self.slices[self.slice].count
            self.slice += 1
        }
        return true
    }
}
