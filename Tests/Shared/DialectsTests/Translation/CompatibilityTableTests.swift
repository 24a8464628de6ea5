import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing

/// The tables of `Docs/Translation.md`, as the code has them.
///
/// They are rewritten as goldens are.
@Suite struct CompatibilityTableTests {
    private static let documents = FixtureFolder(named: "../../../../Docs")
    private static let page = "Translation.md"

    private static func title(_ dialect: Dialect) -> String {
        switch dialect {
        case .openAIChat: "Chat"
        case .openAIResponses: "Responses"
        case .anthropicMessages: "Messages"
        }
    }

    private static func others(_ caller: Dialect) -> [Dialect] { Dialect.allCases.filter { $0 != caller } }

    private static func table(of topic: CompatibilityTopic, _ caller: Dialect) throws -> String {
        let targets = CompatibilityTableTests.others(caller)
        let heads = targets.map { "to \(CompatibilityTableTests.title($0))" }
        var lines = [
            "#### \(topic.title)", "", "| field | \(heads.joined(separator: " | ")) |", "|---|---|---|",
        ]
        for field in topic.fields {
            let cells = try targets.map { try field.outcome(caller, to: $0).cell(of: field.name, caller) }
            lines.append("| \(field.heading) | \(cells.joined(separator: " | ")) |")
        }
        return lines.joined(separator: "\n")
    }

    private static var tables: String {
        get throws {
            try Dialect.allCases.map { caller in
                let topics = try CompatibilityTopic.topics(of: caller).map {
                    try CompatibilityTableTests.table(of: $0, caller)
                }
                let title = "### Callers of \(CompatibilityTableTests.title(caller))"
                return ([title] + topics).joined(separator: "\n\n")
            }.joined(separator: "\n\n")
        }
    }

    private static var harmless: String {
        var lines = ["| caller | field | what it is about |", "|---|---|---|"]
        for caller in Dialect.allCases {
            for entry in HarmlessLosses.list(of: caller) {
                let field = entry.field.last == "*" ? "\(entry.field.dropLast())…" : entry.field
                lines.append("| \(CompatibilityTableTests.title(caller)) | `\(field)` | \(entry.reason) |")
            }
        }
        return lines.joined(separator: "\n")
    }

    /// The page with what stands between two marks replaced.
    private static func page(_ lines: [String], _ mark: String, _ text: String) throws -> [String] {
        let begin = try #require(lines.firstIndex { $0 == "<!-- \(mark): begin -->" })
        let end = try #require(lines.lastIndex { $0 == "<!-- \(mark): end -->" })
        try #require(begin < end)
        return lines[...begin] + ["", text, ""] + lines[end...]
    }

    @Test func `the page says of each field what the code does with it`() throws {
        let text = String(
            decoding: try CompatibilityTableTests.documents.bytes(of: CompatibilityTableTests.page),
            as: UTF8.self
        )
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines = try CompatibilityTableTests.page(lines, "harmless", CompatibilityTableTests.harmless)
        lines = try CompatibilityTableTests.page(lines, "tables", try CompatibilityTableTests.tables)
        try GoldenFile(CompatibilityTableTests.page, in: CompatibilityTableTests.documents).check(
            Array(lines.joined(separator: "\n").utf8)
        )
    }

    @Test(arguments: Dialect.allCases)
    func `fields are refused only for what no target can be told`(_ caller: Dialect) throws {
        for field in CompatibilityTopic.topics(of: caller).flatMap(\.fields) {
            for target in CompatibilityTableTests.others(caller) {
                guard case .refused(let refusal) = try field.outcome(caller, to: target) else { continue }
                #expect(refusal.code == .unsupportedParameter, "\(field.name) to \(target.rawValue): \(refusal)")
            }
        }
    }

    @Test(arguments: zip([Dialect.openAIChat, .openAIResponses, .anthropicMessages], [35, 40, 35]))
    func `every dialect's fields are told, each once`(_ caller: Dialect, _ least: Int) {
        let names = CompatibilityTopic.topics(of: caller).flatMap(\.fields).map(\.name)
        #expect(names.count >= least)
        #expect(Set(names).count == names.count)
    }
}
