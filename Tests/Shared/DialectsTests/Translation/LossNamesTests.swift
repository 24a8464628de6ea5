import Canonical
import Dialects
import Identity
import Testing
import Wire

/// Losses are reported under names that the caller finds in its own request.
@Suite struct LossNamesTests {
    /// Whether each step of a path is a member there, an index, or the type of an object there, the last two of which
    /// no step goes beyond.
    private static func leads(_ path: String, into body: JSONValue) -> Bool {
        var places = [body]
        for step in path.split(separator: ".").map(String.init) {
            let name = String(step.prefix { $0 != "[" })
            let index = step.contains("[") ? Int(step.dropFirst(name.count + 1).dropLast()) : nil
            let objects = places.flatMap { $0.arrayValue ?? [$0] }
            let inner = objects.flatMap { object in
                (object.objectValue?.members ?? []).filter { Loss.printable($0.name) == name }.map(\.value)
            }
            if inner.isEmpty {
                // What counts where it is left out is no member of the request.
                if path == "tools.strict" { return true }
                return objects.contains {
                    $0["type"]?.stringValue == name || $0["name"]?.stringValue == name
                        || ($0["text"]?.stringValue?.hasPrefix(name) ?? false)
                }
            }
            guard let index else {
                places = inner
                continue
            }
            return inner.contains { index >= 0 && index < ($0.arrayValue?.count ?? 0) }
        }
        return true
    }

    /// Models that take much and little, so that every encoder has something to report.
    private static let targets: [TargetTraits] = {
        var rich = TargetTraits(model: "acme-large", maximumOutputTokens: 64_000)
        rich.takesSystemTurns = true
        let poor = TargetTraits.poor(maximumOutputTokens: 2_048)
        var budget = rich
        budget.usesThinkingBudget = true
        var few = rich
        few.efforts = [.high]
        return [rich, poor, budget, few]
    }()

    private static func check(_ body: JSONValue, _ caller: Dialect, _ name: String) throws {
        for target in Dialect.allCases where target != caller {
            for traits in LossNamesTests.targets {
                guard
                    let written = try? RequestTranslation(caller, body: body).written(
                        for: target,
                        traits,
                        open: { _ in .foreign }
                    )
                else { continue }
                for loss in written.losses.losses {
                    guard case .member = loss.place else {
                        Issue.record("\(name): \(loss.field) has no name")
                        continue
                    }
                    #expect(
                        LossNamesTests.leads(loss.field, into: body),
                        "\(name) to \(target.rawValue): `\(loss.field)` is not in the request"
                    )
                }
            }
        }
    }

    @Test(arguments: Dialect.allCases)
    func `each loss of the tables has the caller's own name`(_ caller: Dialect) throws {
        for field in CompatibilityTopic.topics(of: caller).flatMap(\.fields) {
            try LossNamesTests.check(try field.body(caller), caller, field.name)
        }
    }

    @Test(arguments: TranslationFixture.requests.filter { !$0.isCount })
    func `each loss of a client's request has the caller's own name`(_ fixture: TranslationFixture) throws {
        try LossNamesTests.check(try JSONReader.read(fixture.bytes), fixture.dialect, fixture.name)
    }

    /// Shapes in which a part has another name than usual.
    @Test(arguments: [
        (Dialect.openAIChat, #"{"reasoning_effort":"minimal"}"#, Dialect.openAIResponses, "reasoning_effort"),
        (.openAIChat, #"{"reasoning":{"effort":"minimal"}}"#, .openAIResponses, "reasoning.effort"),
        (.openAIChat, #"{"thinking":{"type":"disabled"}}"#, .openAIResponses, "thinking"),
        (.openAIChat, #"{"reasoning":{"max_tokens":9000}}"#, .anthropicMessages, "reasoning.max_tokens"),
        (.openAIChat, #"{"max_tokens":3}"#, .openAIResponses, "max_tokens"),
        (.openAIChat, #"{"max_tokens":100000}"#, .anthropicMessages, "max_tokens"),
        (.openAIResponses, #"{"max_output_tokens":100000}"#, .openAIChat, "max_output_tokens"),
        (.anthropicMessages, #"{"max_tokens":100000}"#, .openAIResponses, "max_tokens"),
        (.openAIChat, #"{"max_completion_tokens":3}"#, .openAIResponses, "max_completion_tokens"),
        (.openAIChat, #"{"response_format":{"type":"json_object"}}"#, .anthropicMessages, "response_format"),
        (
            .openAIChat, #"{"messages":[{"role":"assistant","content":"a"},{"role":"user","content":"b"}]}"#,
            .anthropicMessages, "messages[0]"
        ),
        (
            .openAIChat, #"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#,
            .openAIResponses, "messages[1]"
        ),
        (.openAIResponses, #"{"text":{"format":{"type":"json_object"}}}"#, .anthropicMessages, "text.format"),
        (.openAIResponses, #"{"reasoning":{"effort":"minimal"}}"#, .anthropicMessages, "reasoning.effort"),
        (
            .openAIResponses, #"{"input":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#,
            .openAIChat, "input[1]"
        ),
        (.anthropicMessages, #"{"max_tokens":3}"#, .openAIResponses, "max_tokens"),
        (.anthropicMessages, #"{"output_config":{"effort":"max"}}"#, .openAIChat, "output_config.effort"),
        (.anthropicMessages, #"{"thinking":{"type":"disabled"}}"#, .openAIChat, "thinking"),
        (
            .anthropicMessages, #"{"thinking":{"type":"disabled"},"output_config":{"effort":"max"}}"#, .openAIChat,
            "thinking"
        ),
        (
            .anthropicMessages,
            #"{"output_format":{"type":"json_schema","schema":{"type":"string"},"extra":1}}"#, .openAIChat,
            "output_format.extra"
        ),
        (.anthropicMessages, #"{"system":[{"type":"text","text":"s","extra":1}]}"#, .openAIChat, "system.extra"),
    ])
    func `a part goes by the name of the member that it came from`(
        _ caller: Dialect,
        _ members: String,
        _ target: Dialect,
        _ expected: String
    ) throws {
        let body = try CompatibilityField(members, members).body(caller)
        let written = try RequestTranslation(caller, body: body).written(
            for: target,
            TargetTraits(model: "acme", maximumOutputTokens: 64_000),
            open: { _ in .foreign }
        )
        #expect(written.losses.losses.map(\.field) == [expected])
    }

    @Test func `both members that ask for thinking are named where none is taken`() throws {
        let members = #"{"thinking":{"type":"adaptive"},"output_config":{"effort":"high"}}"#
        var target = TargetTraits(model: "acme")
        target.reasons = false
        let written = try RequestTranslation(
            .anthropicMessages,
            body: try CompatibilityField(members, members).body(.anthropicMessages)
        ).written(for: .openAIChat, target, open: { _ in .foreign })
        #expect(written.losses.headerValue == "thinking,output_config.effort")
    }

    @Test func `a refusal of an encoder names the caller's member, too`() throws {
        let input = #"{"input":[{"role":"user","content":[{"type":"input_file","file_url":"https://a.test/a.pdf"}]}]}"#
        let refusal = try #require(throws: TranslationRefusal.self) {
            try RequestTranslation(.openAIResponses, body: try CompatibilityField(input, input).body(.openAIResponses))
                .written(
                    for: .openAIChat,
                    TargetTraits(model: "acme"),
                    open: { _ in .foreign }
                )
        }
        #expect(refusal.field == "input")
    }
}
