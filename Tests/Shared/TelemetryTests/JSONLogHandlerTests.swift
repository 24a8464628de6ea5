import Glibc
import Identity
import Logging
import Telemetry
import Testing
import Wire

@Suite struct JSONLogHandlerTests {
    private func records(_ level: Logger.Level = .info, _ body: (inout Logger) -> Void) throws -> [JSONValue] {
        let pipe = try Pipe()
        let sink = LogSink(descriptor: pipe.writeEnd)
        var logger = Logger(label: "feeds") { label in
            JSONLogHandler(label: label, level: level, sink: sink, now: { 1_795_412_460_123 })
        }
        body(&logger)
        return try pipe.available().split(separator: UInt8(ascii: "\n")).map { try JSONReader.read(Array($0)) }
    }

    @Test func `a record is one line with its metadata as members`() throws {
        let records = try self.records { logger in
            logger[metadataKey: "node"] = "n1"
            logger.warning(
                "snapshot refused",
                metadata: ["version": "\(7)", "a": ["x", "y"], "b": ["d": "1", "c": "2"]]
            )
        }
        #expect(
            records == [
                [
                    "time": "2026-11-23T05:41:00.123Z", "level": "warning", "logger": "feeds",
                    "message": "snapshot refused", "a": ["x", "y"], "b": ["c": "2", "d": "1"], "node": "n1",
                    "version": "7",
                ]
            ]
        )
    }

    @Test func `records below the level are not written`() throws {
        let records = try self.records(.error) { logger in
            logger.warning("no")
            logger.error("yes")
        }
        #expect(records.map { $0["message"] } == ["yes"])
    }

    @Test func `metadata cannot take the place of a fixed member or break the line`() throws {
        let records = try self.records { logger in
            logger.info("m", metadata: ["level": "fake", "x\n\"y": "a\nb\"}"])
        }
        #expect(records.count == 1)
        #expect(records.first?["level"] == "info")
        #expect(records.first?["level_"] == "fake")
        #expect(records.first?["x\n\"y"] == "a\nb\"}")
    }

    @Test func `a secret in metadata stays secret`() throws {
        let records = try self.records { logger in
            logger.info(
                "m",
                metadata: ["key": "\(Secret("sk-canary"))", "key2": .stringConvertible(Secret("sk-canary"))]
            )
        }
        #expect(records.first?["key"] == "<redacted>")
        #expect(records.first?["key2"] == "<redacted>")
    }

    @Test func `later metadata wins, provider over handler and record over provider`() throws {
        let pipe = try Pipe()
        let provider = Logger.MetadataProvider { ["a": "provider", "b": "provider"] }
        var handler = JSONLogHandler(
            label: "l",
            sink: LogSink(descriptor: pipe.writeEnd),
            metadataProvider: provider,
            now: { 0 }
        )
        handler[metadataKey: "a"] = "handler"
        handler[metadataKey: "c"] = "handler"
        let logger = Logger(label: "l") { [handler] _ in handler }
        logger.info("m", metadata: ["b": "record"])
        let record = try JSONReader.read(pipe.available().dropLast())
        #expect([record["a"], record["b"], record["c"]] == ["provider", "record", "handler"])
    }

    @Test func `a file is appended to, and a line that cannot be written is counted`() throws {
        var template = Array("/tmp/log-sink-XXXXXX".utf8CString)
        let descriptor = unsafe mkstemp(&template)
        try #require(descriptor >= 0)
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer {
            close(descriptor)
            _ = unsafe unlink(path)
        }
        for text in ["one\n", "two\n"] {
            let sink = try #require(LogSink(path: path))
            sink.write(Array(text.utf8))
            #expect(sink.lostLines == 0)
        }
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        #expect(bytes.prefix(count) == Array("one\ntwo\n".utf8)[...])
        #expect(LogSink(path: "/nonexistent/directory/log") == nil)
        let closed = LogSink(descriptor: -1)
        closed.write(Array("lost\n".utf8))
        #expect(closed.lostLines == 1)
    }
}
