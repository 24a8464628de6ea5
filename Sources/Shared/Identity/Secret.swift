/// A text that no log, error or debugger print may show.
///
/// Printing, interpolating, dumping and reflecting it give `<redacted>`; `withExposedText` is the only way in.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    package init(_ text: String) {
        self.text = text
    }

    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    package var isEmpty: Bool { self.text.isEmpty }

    /// Lends the text to `body`; what `body` makes of it must not outlive the use it was taken for.
    package func withExposedText<Result, Failure: Error>(
        _ body: (String) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(self.text)
    }
}
