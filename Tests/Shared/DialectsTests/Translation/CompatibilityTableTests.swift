import Canonical
import GatewayTestSupport
import Identity
import Testing

/// The tables of `Docs/Translation.md`, as the code has them.
///
/// They are rewritten as goldens are.
@Suite struct CompatibilityTableTests {
    private static let documents = FixtureFolder(named: "../../../../Docs")
    private static let page = "Translation.md"
    private static let begin = "<!-- tables: begin -->"
    private static let end = "<!-- tables: end -->"

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
            let cells = try targets.map { try field.outcome(caller, to: $0).cell(of: field.name) }
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

    @Test func `the page says of each field what the code does with it`() throws {
        let text = String(
            decoding: try CompatibilityTableTests.documents.bytes(of: CompatibilityTableTests.page),
            as: UTF8.self
        )
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let begin = try #require(lines.firstIndex { $0 == CompatibilityTableTests.begin })
        let end = try #require(lines.lastIndex { $0 == CompatibilityTableTests.end })
        try #require(begin < end)
        let tables = try CompatibilityTableTests.tables
        let page = lines[...begin].map(String.init) + ["", tables, ""] + lines[end...].map(String.init)
        try GoldenFile(CompatibilityTableTests.page, in: CompatibilityTableTests.documents).check(
            Array(page.joined(separator: "\n").utf8)
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
