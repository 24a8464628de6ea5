package import Canonical
package import Wire

/// A caller's body read whole, as a translation needs it; a forward in the caller's own dialect does without.
package enum WholeBody {
    /// The most values that are read.
    ///
    /// A small value costs some 350 bytes until its translation is written, so that all of these cost 100 MiB at most.
    /// A conversation that fills a window of a million tokens has a tenth of them.
    package static let maximumValues = 300_000

    /// The member of a schema that holds most of it: a coding agent sends hundreds of such objects with each turn,
    /// and few targets want one to be changed.
    private static let schemas: StaticString = "properties"

    /// Throws for what is no JSON object, and for one of more values.
    ///
    /// The scan has found the body right before: its strings are not proven again, and stay parts of the bytes. `marks`
    /// are what it can tell of them.
    package static func read(_ bytes: [UInt8], _ marks: JSONMarks = JSONMarks()) throws(TranslationRefusal) -> JSONValue
    {
        do throws(JSONError) {
            let value = try JSONReader.read(
                bytes,
                maximumValues: WholeBody.maximumValues,
                texts: .asWritten,
                proven: true,
                folded: WholeBody.schemas,
                marks: marks
            )
            guard value.objectValue != nil else { throw JSONError(.unexpectedByte, at: 0) }
            return value
        } catch {
            guard error.problem == .tooManyValues else {
                throw TranslationRefusal("body", "must be a JSON object")
            }
            throw TranslationRefusal(
                "body",
                "has more than \(WholeBody.maximumValues) values, which is too many to be translated"
            )
        }
    }
}
