import Dialects
import NIOCore

extension ByteBuffer {
    /// The readable bytes with the splices made, in pieces that share this buffer's memory; `splices` are in order and
    /// do not overlap.
    func pieces(_ splices: [Splice]) -> [ByteBuffer] {
        var pieces: [ByteBuffer] = []
        pieces.reserveCapacity(2 * splices.count + 1)
        var offset = 0
        for splice in splices {
            if splice.range.lowerBound > offset,
                let slice = self.getSlice(at: self.readerIndex + offset, length: splice.range.lowerBound - offset)
            {
                pieces.append(slice)
            }
            if !splice.replacement.isEmpty { pieces.append(ByteBuffer(bytes: splice.replacement)) }
            offset = splice.range.upperBound
        }
        if self.readableBytes > offset,
            let slice = self.getSlice(at: self.readerIndex + offset, length: self.readableBytes - offset)
        {
            pieces.append(slice)
        }
        return pieces
    }
}
