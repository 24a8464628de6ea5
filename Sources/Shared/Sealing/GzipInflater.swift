import CZlib

/// Owns one decompressing zlib stream.
@safe
struct GzipInflater: ~Copyable {
    // On the heap: zlib keeps the address and refuses a stream that has moved.
    private let stream: UnsafeMutablePointer<z_stream>

    init() throws(Gzip.Failure) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 15 bits of window, and 16 to accept the gzip wrapper only.
        let code = unsafe inflateInit2_(stream, 15 + 16, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else {
            unsafe stream.deallocate()
            throw .unavailable
        }
        unsafe self.stream = stream
    }

    deinit {
        unsafe _ = inflateEnd(self.stream)
        unsafe self.stream.deallocate()
    }

    /// The input as one member of exactly `rawLength` bytes; the stream is spent after it.
    func inflate(_ bytes: [UInt8], exactly rawLength: Int) throws(Gzip.Failure) -> [UInt8] {
        let stream = unsafe self.stream
        // One byte more than announced: it stays unused unless the input lies.
        let capacity = rawLength + 1
        var code = Z_STREAM_ERROR
        let output = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            unsafe bytes.withUnsafeBufferPointer { input in
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                unsafe stream.pointee.avail_in = UInt32(truncatingIfNeeded: input.count)
                unsafe stream.pointee.next_out = buffer.baseAddress
                unsafe stream.pointee.avail_out = UInt32(truncatingIfNeeded: capacity)
                code = unsafe CZlib.inflate(stream, Z_FINISH)
            }
            count = unsafe capacity - Int(stream.pointee.avail_out)
        }
        let rest = unsafe stream.pointee.avail_in
        guard code == Z_STREAM_END, rest == 0, output.count == rawLength else { throw .malformed }
        return output
    }
}
