/// Why bytes are no JSON object that we accept, and at which byte; the sender's fault in every case but
/// `outOfMemory`.
package struct JSONScanError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Problem: String, Hashable, Sendable, CaseIterable {
        case empty = "there is no value"
        case unexpectedEnd = "the text ends too early"
        case unexpectedByte = "a character is not allowed here"
        case trailingBytes = "there is text after the value"
        case byteOrderMark = "the text begins with a byte-order mark"
        /// Known from the first character; the rest has not been looked at.
        case notAnObject = "the value must be an object"
        case tooDeep = "values are nested too deeply"
        case tooManyMembers = "an object has too many members"
        case duplicateName = "an object names the same member twice"
        case invalidEscape = "a string has a wrong escape"
        case controlCharacter = "a string has a control character that must be escaped"
        case invalidUTF8 = "the text is not UTF-8"
        case invalidNumber = "a number is malformed"
        case invalidLiteral = "a word is none of true, false and null"
        case tooLarge = "the text is too large"
        /// This process has no memory for the scan: the one problem that is ours.
        case outOfMemory = "there is no memory to read the text"
    }

    package let problem: Problem
    /// Bytes from the start of the text; nil when only the whole text is known to be wrong.
    package let offset: Int?

    package init(_ problem: Problem, at offset: Int?) {
        self.problem = problem
        self.offset = offset
    }

    package var description: String {
        self.offset.map { "\(self.problem.rawValue) (byte \($0))" } ?? self.problem.rawValue
    }
}
