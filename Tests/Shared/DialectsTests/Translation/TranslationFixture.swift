import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing
import Wire

/// One file of one dialect: a request, a whole answer or a stream.
struct TranslationFixture: Sendable, CustomStringConvertible {
    static let folder = FixtureFolder(beside: TranslationFixture.file(beside: #filePath))

    let dialect: Dialect
    /// The folder that its dialect's folder is in.
    let folder: String
    let name: String
    let bytes: [UInt8]

    var description: String { "\(self.dialect.rawValue)/\(self.name)" }

    static let requests = TranslationFixture.all(in: ["requests"], ".json")
    static let answers = TranslationFixture.all(in: ["answers"], ".json")
    static let streams = TranslationFixture.all(in: ["streams", "events"], ".sse")

    private static func all(in folders: [String], _ ending: String) -> [TranslationFixture] {
        Dialect.allCases.sorted().flatMap { dialect in
            folders.flatMap { folder in
                TranslationFixture.folder.names(in: "\(folder)/\(dialect.rawValue)", endingWith: ending).compactMap {
                    name in
                    let path = "\(folder)/\(dialect.rawValue)/\(name)\(ending)"
                    return (try? TranslationFixture.folder.bytes(of: path)).map {
                        TranslationFixture(dialect: dialect, folder: folder, name: name, bytes: $0)
                    }
                }
            }
        }
    }

    /// The fixtures lie beside the folder of this file.
    private static func file(beside path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    }

    /// Whether it asks for a count of tokens, not for an answer.
    var isCount: Bool { self.name.hasPrefix("count-tokens") }

    /// Whether it is a shape that providers really send, not one that is odd in one way.
    var isRecordedShape: Bool { self.folder == "streams" }

    /// The dialects that this one is translated to.
    var others: [Dialect] { Dialect.allCases.filter { $0 != self.dialect } }

    /// Each fixture with each dialect that it is translated to.
    static func pairs(_ fixtures: [TranslationFixture], withOwn: Bool = false) -> [TranslationPair] {
        fixtures.flatMap { fixture in
            (withOwn ? Dialect.allCases : fixture.others).map { TranslationPair(fixture: fixture, other: $0) }
        }
    }
}

/// A fixture and the dialect that it is to be translated to.
struct TranslationPair: Sendable, CustomStringConvertible {
    let fixture: TranslationFixture
    let other: Dialect

    var description: String { "\(self.fixture) to \(self.other.rawValue)" }

    /// What a caller of the other dialect asked for: all that can be had.
    var context: AnswerContext {
        var request = ModelRequest(model: "fast")
        request.stream = true
        request.includesUsage = true
        request.reasoning.wantsOpaque = true
        request.reasoning.wantsSummary = true
        return .example(of: request)
    }

    /// What a target got: tools of every kind that an answer's calls may name.
    var request: EncodedRequest {
        get throws {
            EncodedRequest(
                body: [:],
                aliases: try ToolAliases([
                    ToolDefinition(ToolName("apply_patch"), kind: .custom(format: nil)),
                    ToolDefinition(
                        ToolName("search", namespace: "mcp__docs"),
                        kind: .function(parameters: [:], strict: nil)
                    ),
                ])
            )
        }
    }

    static let seal: AnswerRestoration.Seal = { "sealed-\($0.rawValue)-\($1)" }
}
