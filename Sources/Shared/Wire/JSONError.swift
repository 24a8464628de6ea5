/// Why bytes are no JSON that we accept, and at which byte; always the sender's fault.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Problem: String, Hashable, Sendable {
        case empty = "there is no value"
        case unexpectedEnd = "the text ends too early"
        case unexpectedByte = "a character is not allowed here"
        case trailingBytes = "there is text after the value"
        case tooDeep = "values are nested too deeply"
        case tooManyValues = "there are too many values"
        case invalidString = "a string has a character that must be escaped, or a wrong escape"
        case invalidUTF8 = "a string is not UTF-8"
        case invalidNumber = "a number is malformed"
        case invalidLiteral = "a word is none of true, false and null"
        case duplicateName = "an object names the same member twice"
    }

    package let problem: Problem
    /// Bytes from the start of the text.
    package let offset: Int

    package init(_ problem: Problem, at offset: Int) {
        self.problem = problem
        self.offset = offset
    }

    package var description: String { "\(self.problem.rawValue) (byte \(self.offset))" }
}
