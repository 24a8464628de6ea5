import Wire

/// Reads the text out of `{"input":"…"}`, the form in which a custom tool is called as a function, as it arrives.
///
/// Text that is not in this form is the input itself. A quote that a model forgot to escape does not end it: only
/// a quote with nothing but `}` behind it does, or with members that make the whole valid JSON.
struct CustomInput: Sendable {
    private enum State: Sendable {
        /// What has come may become `{"input":"`. Goes to `string`, `whole` or `raw`.
        case header([UInt8])
        /// An object of another form: read when it is complete.
        case whole([UInt8])
        case raw
        /// Inside the quotes. Goes to `tail`.
        case string
        /// From a quote on that may be the closing one. Goes back to `string` when it is not.
        case tail([UInt8])
    }

    private enum Header {
        case incomplete
        case input
        case otherObject
        case noObject
    }

    private var state = State.header([])
    private var unescaping = StringUnescaping()
    /// More white space than any model writes between two marks; so much is text.
    private static let longestSpace = 1_024

    /// The text is no valid JSON: a comma behind a quote says nothing.
    private var isBroken = false

    init() {}

    mutating func read(_ piece: String) -> String {
        if case .raw = self.state { return piece }
        var text: [UInt8] = []
        for byte in piece.utf8 { self.take(byte, into: &text) }
        return String(decoding: text, as: UTF8.self)
    }

    /// What is left when the call has ended.
    mutating func end() -> String {
        var text: [UInt8] = []
        switch self.state {
        case .raw: break
        case .header(let bytes), .whole(let bytes): text = CustomInput.input(of: bytes)
        case .string: self.unescaping.flush(into: &text)
        case .tail(let bytes):
            self.unescaping.flush(into: &text)
            guard CustomInput.mark(in: bytes) == UInt8(ascii: ",") else { break }
            let whole = Array(#"{"input":""#.utf8) + bytes
            guard (try? JSONReader.read(whole)) == nil else { break }
            self.isBroken = true
            self.reopen(bytes, into: &text)
            // Bytes of a broken text fall into `string` or a tail without a comma.
            return String(decoding: text, as: UTF8.self) + self.end()
        }
        self.state = .raw
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func take(_ byte: UInt8, into text: inout [UInt8]) {
        switch self.state {
        case .raw: text.append(byte)
        case .whole(var bytes):
            self.state = .raw
            bytes.append(byte)
            self.state = .whole(bytes)
        case .header(var bytes):
            bytes.append(byte)
            switch CustomInput.header(bytes) {
            case .incomplete: self.state = .header(bytes)
            case .input: self.state = .string
            case .otherObject: self.state = .whole(bytes)
            case .noObject:
                self.state = .raw
                text.append(contentsOf: bytes)
            }
        case .string:
            if byte == UInt8(ascii: "\""), !self.unescaping.isInEscape {
                self.state = .tail([byte])
            } else {
                self.unescaping.take(byte, into: &text)
            }
        case .tail(var bytes):
            self.state = .raw
            bytes.append(byte)
            if self.canClose(bytes) {
                self.state = .tail(bytes)
            } else {
                self.reopen(bytes, into: &text)
            }
        }
    }

    /// The quote was part of the text: so is it, and what follows is looked at again.
    private mutating func reopen(_ bytes: [UInt8], into text: inout [UInt8]) {
        self.state = .string
        self.unescaping.take(UInt8(ascii: "\""), into: &text)
        for byte in bytes.dropFirst() { self.take(byte, into: &text) }
    }

    private func canClose(_ tail: [UInt8]) -> Bool {
        switch CustomInput.mark(in: tail) {
        case nil: tail.count <= CustomInput.longestSpace
        case UInt8(ascii: ","): !self.isBroken
        case UInt8(ascii: "}"):
            tail.count <= CustomInput.longestSpace
                && tail.dropFirst().filter { !CustomInput.isSpace($0) } == [UInt8(ascii: "}")]
        default: false
        }
    }

    /// The first byte behind the quote that is no white space.
    private static func mark(in tail: [UInt8]) -> UInt8? {
        tail.dropFirst().first { !CustomInput.isSpace($0) }
    }

    private static func header(_ bytes: [UInt8]) -> Header {
        guard bytes.count <= CustomInput.longestSpace else { return .noObject }
        var rest = bytes.drop { CustomInput.isSpace($0) }
        guard let brace = rest.popFirst() else { return .incomplete }
        guard brace == UInt8(ascii: "{") else { return .noObject }
        rest = rest.drop { CustomInput.isSpace($0) }
        guard let quote = rest.first else { return .incomplete }
        guard quote == UInt8(ascii: "\"") else {
            return quote == UInt8(ascii: "}") ? .otherObject : .noObject
        }
        for expected in #""input""#.utf8 {
            guard let byte = rest.popFirst() else { return .incomplete }
            guard byte == expected else { return .otherObject }
        }
        rest = rest.drop { CustomInput.isSpace($0) }
        guard let colon = rest.popFirst() else { return .incomplete }
        guard colon == UInt8(ascii: ":") else { return .otherObject }
        rest = rest.drop { CustomInput.isSpace($0) }
        guard let value = rest.first else { return .incomplete }
        return value == UInt8(ascii: "\"") ? .input : .otherObject
    }

    /// The input in an object of another form: its member `input`, else all of it; `{}` holds none.
    private static func input(of bytes: [UInt8]) -> [UInt8] {
        guard let value = try? JSONReader.read(bytes), case .object(let object) = value else { return bytes }
        if object.isEmpty { return [] }
        return object["input"]?.stringValue.map { Array($0.utf8) } ?? bytes
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
    }
}
