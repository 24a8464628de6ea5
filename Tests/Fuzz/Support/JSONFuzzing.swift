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
        let kept = try? JSONReader.read(bytes, texts: .asWritten)
        // Of bytes that nobody has proven it only must not be harmful.
        let believed = try? JSONReader.read(bytes, texts: .asWritten, proven: true)
        if let believed { _ = JSONWriter.text(believed) }
        guard let value = try? JSONReader.read(bytes) else {
            FuzzInput.require(kept == nil, "a JSON text is read only as it was written")
            return
        }
        FuzzInput.require(kept == value, "a JSON text means something else as it was written")
        FuzzInput.require(believed == value, "a JSON text means something else to who believes it")
        if let kept { JSONFuzzing.requireReadable(kept, "a JSON text as it was written") }
        JSONFuzzing.requireReadable(value, "a JSON text")
        let written = JSONWriter.write(value)
        let again = (try? JSONReader.read(written)).map { JSONWriter.write($0) }
        FuzzInput.require(again == written, "a JSON text changes when it is written twice")
    }
}
