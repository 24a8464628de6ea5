/// Gzip (RFC 1952) of whole messages: the same bytes always give the same output, and inflating is bounded.
package enum Gzip {
    package enum Failure: Error, Hashable, Sendable {
        /// The library could not get memory, or refused its own parameters.
        case unavailable
        /// The bytes are no complete gzip member of exactly the length expected, or something follows it.
        case malformed
    }

    /// Compresses at `level`, 1 (fast) to 9 (small); others count as the nearest.
    ///
    /// The header carries no time and names no operating system, so that equal input gives equal bytes wherever
    /// the same zlib runs.
    package static func compress(_ bytes: [UInt8], level: Int = 6) throws(Gzip.Failure) -> [UInt8] {
        guard UInt32(exactly: bytes.count) != nil else { throw .unavailable }
        let stream = try GzipDeflater(level: Int32(min(max(level, 1), 9)))
        var output = try stream.deflate(bytes)
        // Byte 9 of the header is the operating system (RFC 1952 §2.3.1): 255 says unknown.
        if output.count > 9 { output[9] = 0xff }
        return output
    }

    /// Inflates to exactly `rawLength` bytes.
    ///
    /// Stops as soon as one byte more comes out, so that a bomb costs no more than what was announced.
    package static func inflate(_ bytes: [UInt8], exactly rawLength: Int) throws(Gzip.Failure) -> [UInt8] {
        guard rawLength >= 0, rawLength < Int(UInt32.max), UInt32(exactly: bytes.count) != nil else {
            throw .malformed
        }
        let stream = try GzipInflater()
        return try stream.inflate(bytes, exactly: rawLength)
    }
}
