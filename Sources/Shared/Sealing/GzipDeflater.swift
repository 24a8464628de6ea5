import CZlib

/// Owns one compressing zlib stream.
@safe
struct GzipDeflater: ~Copyable {
    // On the heap: zlib keeps the address and refuses a stream that has moved.
    private let stream: UnsafeMutablePointer<z_stream>

    init(level: Int32) throws(Gzip.Failure) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 15 bits of window, and 16 to ask for the gzip wrapper; memory level 8 is the library's default.
        let code = unsafe deflateInit2_(
            stream,
            level,
            Z_DEFLATED,
            15 + 16,
            8,
            Z_DEFAULT_STRATEGY,
            zlibVersion(),
            Int32(MemoryLayout<z_stream>.size)
        )
        guard code == Z_OK else {
            unsafe stream.deallocate()
            throw .unavailable
        }
        unsafe self.stream = stream
    }

    deinit {
        unsafe _ = deflateEnd(self.stream)
        unsafe self.stream.deallocate()
    }

    /// The whole input as one member; the stream is spent after it.
    func deflate(_ bytes: [UInt8]) throws(Gzip.Failure) -> [UInt8] {
        let stream = unsafe self.stream
        let bound = unsafe Int(deflateBound(stream, UInt(bytes.count)))
        guard let capacity = UInt32(exactly: bound) else { throw .unavailable }
        var code = Z_STREAM_ERROR
        let output = unsafe [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            unsafe bytes.withUnsafeBufferPointer { input in
                unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                unsafe stream.pointee.avail_in = UInt32(truncatingIfNeeded: input.count)
                unsafe stream.pointee.next_out = buffer.baseAddress
                unsafe stream.pointee.avail_out = capacity
                code = unsafe CZlib.deflate(stream, Z_FINISH)
            }
            count = unsafe bound - Int(stream.pointee.avail_out)
        }
        guard code == Z_STREAM_END else { throw .unavailable }
        return output
    }
}
