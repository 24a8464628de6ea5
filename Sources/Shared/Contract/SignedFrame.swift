/// A signed message as bytes: `magic | u32 header length | header | u32 body length | body | u8 signature count |
/// signatures {u8 key id length, key id, 64 bytes}`, numbers big-endian.
///
/// The signatures cover the header, and the header tells the body's hash and length. A frame that carries one
/// signature that does not verify is refused even if another does, so that no bit of it is free.
package struct SignedFrame: Hashable, Sendable {
    package struct Signature: Hashable, Sendable {
        package let keyID: String
        /// An Ed25519 signature, 64 bytes.
        package let bytes: [UInt8]

        package init(keyID: String, bytes: [UInt8]) {
            self.keyID = keyID
            self.bytes = bytes
        }
    }

    /// JSON, exactly the bytes that are signed.
    package let header: [UInt8]
    package let body: [UInt8]
    package let signatures: [Signature]

    package static let magic: [UInt8] = [0x52, 0x54, 0x52, 0x53, 0x01]  // "RTRS", format 1
    package static let maximumHeaderBytes = 64 * 1024
    package static let maximumBodyBytes = 64 * 1024 * 1024
    package static let maximumSignatures = 8
    package static let maximumKeyIDBytes = 64
    package static let signatureBytes = 64

    package init(header: [UInt8], body: [UInt8], signatures: [Signature]) {
        self.header = header
        self.body = body
        self.signatures = signatures
    }

    package var bytes: [UInt8] {
        var bytes = SignedFrame.magic
        bytes.reserveCapacity(self.header.count + self.body.count + 1024)
        SignedFrame.append(length: self.header.count, to: &bytes)
        bytes.append(contentsOf: self.header)
        SignedFrame.append(length: self.body.count, to: &bytes)
        bytes.append(contentsOf: self.body)
        bytes.append(UInt8(truncatingIfNeeded: self.signatures.count))
        for signature in self.signatures {
            bytes.append(UInt8(truncatingIfNeeded: signature.keyID.utf8.count))
            bytes.append(contentsOf: signature.keyID.utf8)
            bytes.append(contentsOf: signature.bytes)
        }
        return bytes
    }

    /// Takes a frame apart, checking every length before anything is copied and that nothing is left over.
    ///
    /// `maximumHeaderBytes` is for messages that keep everything in the header.
    package init(
        _ bytes: [UInt8],
        maximumHeaderBytes: Int = SignedFrame.maximumHeaderBytes
    ) throws(SnapshotRejection) {
        var reader = Reader(bytes: bytes)
        guard try reader.take(SignedFrame.magic.count).elementsEqual(SignedFrame.magic) else {
            throw .notAnEnvelope
        }
        let headerLength = try reader.length()
        guard headerLength <= maximumHeaderBytes else { throw .tooLarge }
        self.header = Array(try reader.take(headerLength))
        let bodyLength = try reader.length()
        guard bodyLength <= SignedFrame.maximumBodyBytes else { throw .tooLarge }
        self.body = Array(try reader.take(bodyLength))
        let count = Int(try reader.byte())
        guard (1...SignedFrame.maximumSignatures).contains(count) else { throw .notAnEnvelope }
        var signatures: [Signature] = []
        for _ in 0..<count {
            let length = Int(try reader.byte())
            guard (1...SignedFrame.maximumKeyIDBytes).contains(length),
                let keyID = String(validating: try reader.take(length), as: UTF8.self)
            else { throw .notAnEnvelope }
            signatures.append(
                Signature(keyID: keyID, bytes: Array(try reader.take(SignedFrame.signatureBytes)))
            )
        }
        self.signatures = signatures
        guard reader.isAtEnd else { throw .notAnEnvelope }
    }

    private static func append(length: Int, to bytes: inout [UInt8]) {
        for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
    }

    private struct Reader {
        let bytes: [UInt8]
        var offset = 0

        var isAtEnd: Bool { self.offset == self.bytes.count }

        mutating func take(_ count: Int) throws(SnapshotRejection) -> ArraySlice<UInt8> {
            guard count <= self.bytes.count - self.offset else { throw .truncated }
            defer { self.offset += count }
            return self.bytes[self.offset..<(self.offset + count)]
        }

        mutating func byte() throws(SnapshotRejection) -> UInt8 {
            guard let byte = try self.take(1).first else { throw .truncated }
            return byte
        }

        mutating func length() throws(SnapshotRejection) -> Int {
            try self.take(4).reduce(0) { $0 << 8 | Int($1) }
        }
    }
}
