/// Writes JSON as compact UTF-8.
package enum JSONWriter {
    /// Strings are written as they were where they were read from JSON and not looked at since.
    package static func write(_ value: JSONValue) -> [UInt8] {
        var output = JSONOutput(sharesParts: false)
        JSONWriter.append(value, plainly: false, to: &output)
        return output.bytes
    }

    /// The same for a text that is read piece by piece: long strings that were read from JSON stay where they are.
    ///
    /// `size` is a guess at how many bytes there will be in all, so that what is written need not move while it grows.
    package static func pieces(of value: JSONValue, size: Int = 0) -> JSONPieces {
        var output = JSONOutput(sharesParts: true)
        output.bytes.reserveCapacity(min(size, JSONWriter.pieceGuess))
        JSONWriter.append(value, plainly: false, to: &output)
        return output.pieces()
    }

    /// What a usual conversation has beside its long strings.
    private static let pieceGuess = 16 * 1024

    /// The value for somebody who reads the text itself: no character has an escape that it does not need.
    package static func text(_ value: JSONValue) -> String {
        var output = JSONOutput(sharesParts: false)
        JSONWriter.append(value, plainly: true, to: &output)
        return String(decoding: output.bytes, as: UTF8.self)
    }

    package static func append(_ value: JSONValue, to bytes: inout [UInt8]) {
        JSONOutput.continuing(&bytes) { JSONWriter.append(value, plainly: false, to: &$0) }
    }

    private static func append(_ value: JSONValue, plainly: Bool, to output: inout JSONOutput) {
        switch value {
        case .null: output.bytes.append(contentsOf: "null".utf8)
        case .bool(let value): output.bytes.append(contentsOf: value ? "true".utf8 : "false".utf8)
        case .number(let number): output.bytes.append(contentsOf: number.text.utf8)
        case .string(let text):
            output.bytes.append(UInt8(ascii: "\""))
            text.appendWritten(plainly: plainly, to: &output)
            output.bytes.append(UInt8(ascii: "\""))
        case .array(let elements):
            output.bytes.append(UInt8(ascii: "["))
            let values = elements.span
            for index in values.indices {
                if index > 0 { output.bytes.append(UInt8(ascii: ",")) }
                JSONWriter.append(values[index], plainly: plainly, to: &output)
            }
            output.bytes.append(UInt8(ascii: "]"))
        case .object(let object):
            if !plainly, let written = object.written { return written.append(to: &output) }
            let entries = object.entries
            let members = entries.span
            output.bytes.append(UInt8(ascii: "{"))
            for index in members.indices {
                if index > 0 { output.bytes.append(UInt8(ascii: ",")) }
                JSONWriter.append(string: members[index].name, to: &output.bytes)
                output.bytes.append(UInt8(ascii: ":"))
                JSONWriter.append(members[index].value, plainly: plainly, to: &output)
            }
            output.bytes.append(UInt8(ascii: "}"))
        }
    }

    /// The text in quotes, with `"`, `\` and control characters escaped and all else as UTF-8.
    package static func append(string text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        JSONWriter.append(escaped: text, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// The text as it stands between quotes.
    static func append(escaped text: String, to bytes: inout [UInt8]) {
        // What lies between two escapes is copied in one piece: a long text has few.
        let utf8 = text.utf8Span.span
        var start = 0
        while true {
            let end = JSONStringScan.endOfUnescaped(utf8, from: start)
            JSONWriter.append(utf8.extracting(start..<end), to: &bytes)
            guard end < utf8.count else { return }
            JSONWriter.append(escape: utf8[end], to: &bytes)
            start = end + 1
        }
    }

    private static func append(escape byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x0a: bytes.append(UInt8(ascii: "n"))
        case 0x0d: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default:
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(JSONWriter.hexDigit(byte >> 4))
            bytes.append(JSONWriter.hexDigit(byte & 0x0f))
        }
    }

    /// Bytes as they are, in one copy.
    package static func append(_ run: Span<UInt8>, to bytes: inout [UInt8]) {
        guard !run.isEmpty else { return }
        unsafe run.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
