/// Why bytes are no document that we accept; always the author's fault.
package enum DocumentError: Error, Hashable, Sendable, CustomStringConvertible {
    case notUTF8
    case tooLarge
    /// The text is no YAML; where and why.
    case malformed(line: Int, column: Int, problem: String)
    /// More aliases than any hand-written document has, or what they expand to.
    case tooManyAliases
    case tooDeep
    case tooManyValues
    /// A mapping has a key that is no plain text.
    case keyIsNotText
    /// There is no document in the text, or more than one.
    case notOneDocument

    package var description: String {
        switch self {
        case .notUTF8: "the document is not UTF-8 text"
        case .tooLarge: "the document is larger than \(YAMLDocument.maximumByteCount) bytes"
        case .malformed(let line, let column, let problem): "line \(line), column \(column): \(problem)"
        case .tooManyAliases: "the document has more than \(YAMLDocument.maximumAliases) aliases"
        case .tooDeep: "the document is nested too deeply"
        case .tooManyValues: "the document has too many values"
        case .keyIsNotText: "a key in the document is not a text"
        case .notOneDocument: "the text is not exactly one document"
        }
    }
}
