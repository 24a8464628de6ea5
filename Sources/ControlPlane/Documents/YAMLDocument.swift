package import Wire
import Yams

/// Reads one YAML document as a JSON value.
///
/// Plain scalars mean what they mean in JSON: `true`, `false`, `null` (or `~`, or nothing) and numbers; all else,
/// `yes`, `no` and `on` among it, is text, as is everything in quotes. Tags are ignored. What aliases can blow up
/// is limited before and while they are expanded.
package enum YAMLDocument {
    package static let maximumByteCount = 1024 * 1024
    /// 16 aliases expand to 350 copies at most, as 5 levels of three.
    package static let maximumAliases = 16
    static let maximumDepth = 32
    static let maximumValues = 100_000

    package static func read(_ bytes: [UInt8]) throws(DocumentError) -> JSONValue {
        guard bytes.count <= YAMLDocument.maximumByteCount else { throw .tooLarge }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        guard YAMLDocument.possibleAliases(in: bytes) <= YAMLDocument.maximumAliases else { throw .tooManyAliases }
        guard YAMLDocument.possibleDepth(of: bytes) <= YAMLDocument.maximumDepth * 4 else { throw .tooDeep }
        let root: Node?
        do { root = try Parser(yaml: text).singleRoot() } catch { throw DocumentError(error) }
        guard let root else { throw .notOneDocument }
        var left = YAMLDocument.maximumValues
        return try YAMLDocument.value(root, depth: 0, left: &left)
    }

    private static func value(_ node: Node, depth: Int, left: inout Int) throws(DocumentError) -> JSONValue {
        guard depth < YAMLDocument.maximumDepth else { throw .tooDeep }
        left -= 1
        guard left >= 0 else { throw .tooManyValues }
        switch node {
        case .scalar(let scalar): return YAMLDocument.scalar(scalar)
        case .sequence(let sequence):
            var elements: [JSONValue] = []
            for element in sequence { elements.append(try YAMLDocument.value(element, depth: depth + 1, left: &left)) }
            return .array(elements)
        case .mapping(let mapping):
            var object = JSONObject()
            for (key, member) in mapping {
                guard case .scalar(let name) = key else { throw .keyIsNotText }
                object[name.string] = try YAMLDocument.value(member, depth: depth + 1, left: &left)
            }
            return .object(object)
        case .alias: throw .tooManyAliases
        }
    }

    private static func scalar(_ scalar: Node.Scalar) -> JSONValue {
        guard scalar.style == .plain else { return .string(scalar.string) }
        switch scalar.string {
        case "", "~", "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default:
            if case .number(let number)? = try? JSONReader.read(Array(scalar.string.utf8)) { return .number(number) }
            return .string(scalar.string)
        }
    }

    /// Every `*` that could start an alias: at the start of the text or behind what separates tokens.
    private static func possibleAliases(in bytes: [UInt8]) -> Int {
        var count = 0
        var previous: UInt8 = 0x0a
        for byte in bytes {
            if byte == UInt8(ascii: "*"), " \t\r\n[{,:-?".utf8.contains(previous) { count += 1 }
            previous = byte
        }
        return count
    }

    /// No less than how deep flow collections nest, for the parser recurses before anything else is checked.
    private static func possibleDepth(of bytes: [UInt8]) -> Int {
        var depth = 0
        var deepest = 0
        var indent = 0
        var isLineStart = true
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
            case 0x0a:
                isLineStart = true
                indent = 0
                continue
            default: break
            }
            // Block collections nest by indentation, and `- - - x` by dashes.
            if isLineStart, byte == 0x20 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "?") {
                indent += 1
            } else {
                isLineStart = false
            }
            deepest = max(deepest, depth + indent)
        }
        return deepest
    }
}

extension DocumentError {
    /// The parser's complaint, without the text around it, which may hold a secret.
    init(_ error: any Error) {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _):
            self = .malformed(line: mark.line, column: mark.column, problem: problem)
        case YamlError.composer(_, let problem, let mark, _):
            self =
                problem.contains("another document")
                ? .notOneDocument : .malformed(line: mark.line, column: mark.column, problem: problem)
        case YamlError.duplicatedKeysInMapping(_, let context):
            self = .malformed(line: context.mark.line, column: context.mark.column, problem: "a key occurs twice")
        case YamlError.reader(let problem, _, _, _): self = .malformed(line: 0, column: 0, problem: problem)
        default: self = .malformed(line: 0, column: 0, problem: "the text is not YAML")
        }
    }
}
