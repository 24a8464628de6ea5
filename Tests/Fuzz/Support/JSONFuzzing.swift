import Wire

/// What must hold for every JSON text, and for every text that we write.
enum JSONFuzzing {
    /// What we write may be nested deeper than what we were sent: arguments in a string become an object.
    private static let writtenDepth = 256

    /// Whether what was written reads back as the same value.
    static func requireReadable(_ value: JSONValue, _ what: String) {
        let again = try? JSONReader.read(JSONWriter.write(value), maximumDepth: JSONFuzzing.writtenDepth)
        FuzzInput.require(again == value, "\(what) does not read back as it was written")
    }

    static func check(_ bytes: [UInt8]) {
        guard let value = try? JSONReader.read(bytes) else { return }
        JSONFuzzing.requireReadable(value, "a JSON text")
        let written = JSONWriter.write(value)
        let again = (try? JSONReader.read(written)).map(JSONWriter.write)
        FuzzInput.require(again == written, "a JSON text changes when it is written twice")
    }
}
