package import Logging
import Wire

/// Writes each log record as one line of JSON: time, level, logger, message, then the metadata as members.
///
/// Messages are constants and metadata carries the data, so a record is found by its message. Metadata is text
/// already, and a secret has no text of its own (`Secret` prints as `<redacted>`).
package struct JSONLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level

    private let label: String
    private let sink: LogSink
    private let now: @Sendable () -> Int

    /// The members that every record has; metadata of such a name gets `_` behind it.
    private static let fixedNames: Set<String> = ["time", "level", "logger", "message", "error"]

    /// `now` gives milliseconds since 1970.
    package init(
        label: String,
        level: Logger.Level = .info,
        sink: LogSink = .standardError,
        metadataProvider: Logger.MetadataProvider? = nil,
        now: @escaping @Sendable () -> Int = WallClock.now
    ) {
        self.label = label
        self.logLevel = level
        self.sink = sink
        self.metadataProvider = metadataProvider
        self.now = now
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var line = JSONLine()
        line.add("time", time: self.now())
        line.add("level", event.level.rawValue)
        line.add("logger", self.label)
        line.add("message", event.message.description)
        if let error = event.error { line.add("error", "\(error)") }
        var merged = self.metadata
        if let provided = self.metadataProvider?.get() { merged.merge(provided) { $1 } }
        if let own = event.metadata { merged.merge(own) { $1 } }
        for (name, value) in merged.sorted(by: { $0.key < $1.key }) {
            let isFixed = JSONLogHandler.fixedNames.contains(name)
            line.add(escapedName: isFixed ? name + "_" : name, JSONLogHandler.value(of: value))
        }
        self.sink.write(line.finish())
    }

    private static func value(of value: Logger.Metadata.Value) -> JSONValue {
        switch value {
        case .string(let text): .string(text)
        case .stringConvertible(let value): .string(value.description)
        case .array(let elements): .array(elements.map(JSONLogHandler.value))
        case .dictionary(let members):
            .object(JSONObject(members.sorted { $0.key < $1.key }.map { ($0.key, JSONLogHandler.value(of: $0.value)) }))
        }
    }
}
