/// Tells from the pieces of a call's arguments when they are a whole JSON object, without reading it.
struct ArgumentScan: Hashable, Sendable {
    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    /// Nothing but white space can belong to the arguments any more.
    private(set) var isComplete = false

    mutating func take(_ piece: String) {
        for byte in piece.utf8 {
            if self.isInString {
                if self.isEscaped {
                    self.isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    self.isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    self.isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): self.isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): self.depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                self.depth -= 1
                if self.depth == 0 { self.isComplete = true }
            default: break
            }
        }
    }
}
