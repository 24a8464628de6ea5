/// The CRC-32 of IEEE 802.3 (reflected, polynomial `0xEDB88320`), as zlib and GitHub's token checksum use it.
package enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }

    package static func checksum(of bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { value, byte in
            value >> 8 ^ CRC32.table[Int(UInt8(truncatingIfNeeded: value) ^ byte)]
        }
    }
}
