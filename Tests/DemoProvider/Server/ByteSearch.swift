import Glibc
import NIOCore

/// Finds a fixed text in bytes.
enum ByteSearch {
    /// The index just after the first `needle` within `range`; nil when there is none.
    static func first(_ needle: StaticString, in buffer: ByteBuffer, within range: Range<Int>) -> Int? {
        guard let view = buffer.viewBytes(at: range.lowerBound, length: range.count) else { return nil }
        let end = unsafe view.withUnsafeBytes { bytes in unsafe ByteSearch.end(of: needle, in: bytes) }
        return end.map { range.lowerBound + $0 }
    }

    private static func end(of needle: StaticString, in bytes: UnsafeRawBufferPointer) -> Int? {
        let length = needle.utf8CodeUnitCount
        guard let start = bytes.baseAddress, length > 0, bytes.count >= length else { return nil }
        let first = unsafe needle.utf8Start.pointee
        for index in 0...(bytes.count - length) where unsafe start.load(fromByteOffset: index, as: UInt8.self) == first
        {
            if unsafe memcmp(start + index, needle.utf8Start, length) == 0 { return index + length }
        }
        return nil
    }
}
