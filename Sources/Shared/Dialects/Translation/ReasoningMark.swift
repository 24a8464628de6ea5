/// Whether a body can hold reasoning that the gateway sealed: a look at its bytes, before it is read.
package enum ReasoningMark {
    private static let mark = Array("\"rs1.".utf8)

    package static func occurs(in bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= ReasoningMark.mark.count else { return false }
        var offset = 0
        let last = bytes.count - ReasoningMark.mark.count
        while offset <= last {
            if bytes[offset] == ReasoningMark.mark[0], bytes[offset + 1] == ReasoningMark.mark[1],
                bytes[offset + 2] == ReasoningMark.mark[2], bytes[offset + 3] == ReasoningMark.mark[3],
                bytes[offset + 4] == ReasoningMark.mark[4]
            {
                return true
            }
            offset += 1
        }
        return false
    }
}
