import Canonical
import Dialects
import Identity
import Testing
import Wire

/// What a strict request bears, and what it does not.
@Suite struct HarmlessLossesTests {
    private static func losses(
        of body: JSONValue,
        _ caller: Dialect,
        to target: Dialect
    ) throws -> (all: LossReport, serious: Loss?) {
        var traits = TargetTraits(model: "acme-large", maximumOutputTokens: 64_000)
        traits.efforts = Set(ReasoningOptions.Effort.allCases)
        let written = try RequestTranslation(caller, body: body).written(
            for: target,
            traits,
            pseudonym: { _ in "p" },
            open: { _ in .foreign }
        )
        return (written.losses, HarmlessLosses.firstSerious(in: written.losses, of: caller))
    }

    private static func body(of name: String, without tools: Set<String> = []) throws -> (Dialect, JSONValue) {
        let fixture = try #require(TranslationFixture.requests.first { $0.name == name })
        var body = try #require(try JSONReader.read(fixture.bytes).objectValue)
        let kept = body["tools"]?.arrayValue?.filter { !tools.contains($0["type"]?.stringValue ?? "") }
        body["tools"] = kept.map { .array($0) }
        return (fixture.dialect, .object(body))
    }

    @Test(arguments: [
        "claude-code-unknown-model", "claude-code-betas-off", "claude-code-session-title", "claude-agent-sdk",
        "claude-code-nonstream-fallback",
    ])
    func `what Claude Code always sends makes no strict request fail`(_ name: String) throws {
        let (caller, body) = try HarmlessLossesTests.body(of: name)
        for target in Dialect.allCases where target != caller {
            let losses = try HarmlessLossesTests.losses(of: body, caller, to: target)
            #expect(losses.serious == nil, "\(losses.all.headerValue)")
            // It is told all the same.
            #expect(losses.all.losses.contains { $0.field == "metadata.user_id" })
        }
    }

    @Test(arguments: ["codex-unknown-model", "codex-builtin-openai-provider"])
    func `what Codex always sends makes no strict request fail, but its search does`(_ name: String) throws {
        for target in [Dialect.openAIChat, .anthropicMessages] {
            let (caller, whole) = try HarmlessLossesTests.body(of: name)
            let losses = try HarmlessLossesTests.losses(of: whole, caller, to: target)
            #expect(losses.serious == Loss("tools.web_search"))
            let (_, rest) = try HarmlessLossesTests.body(of: name, without: ["web_search"])
            let others = try HarmlessLossesTests.losses(of: rest, caller, to: target)
            #expect(others.serious == nil, "\(others.all.headerValue)")
            #expect(others.all.losses.contains(Loss("client_metadata")))
            #expect(others.all.losses.contains(Loss("prompt_cache_key")) == (target == .anthropicMessages))
        }
    }

    @Test(arguments: [
        ("claude-code-tool-result", "messages.content.thinking"), ("codex-tool-output", "input.reasoning"),
    ])
    func `thoughts that a target cannot read are missed by a strict request`(_ name: String, _ field: String) throws {
        let (caller, body) = try HarmlessLossesTests.body(of: name, without: ["web_search"])
        let losses = try HarmlessLossesTests.losses(of: body, caller, to: .openAIChat)
        #expect(losses.serious == Loss(field))
    }

    @Test(arguments: [
        ("context_management.edits.clear_thinking_20251015", true), ("context_management.edits.clear_thinking_", true),
        ("context_management.edits.clear_tool_uses_20250919", false), ("context_management.edits", false),
        ("context_management", false), ("metadata.user_id", true), ("metadata.user_ids", false), ("metadata", false),
        ("tools.web_search_20250305", false), ("client_metadata", false), ("cache_control", true),
    ])
    func `a field is harmless by its whole name`(_ field: String, _ isHarmless: Bool) {
        #expect(HarmlessLosses.contains(field, of: .anthropicMessages) == isHarmless)
    }

    @Test func `a member that is harmless in one dialect is not so in another`() {
        #expect(HarmlessLosses.contains("client_metadata", of: .openAIResponses))
        #expect(!HarmlessLosses.contains("client_metadata", of: .openAIChat))
    }

    @Test func `more losses than were kept are not taken for harmless`() {
        var report = LossReport()
        for index in 0...LossReport.maximumCount { report.drop("context_management.edits.clear_thinking_\(index)") }
        #expect(HarmlessLosses.firstSerious(in: report, of: .anthropicMessages) != nil)
        #expect(HarmlessLosses.firstSerious(in: LossReport(), of: .anthropicMessages) == nil)
    }

    @Test func `an edit of the context is told by its kind`() throws {
        let body = try JSONReader.read(
            Array(
                #"""
                {"model":"m","max_tokens":9,"messages":[{"role":"user","content":"x"}],"context_management":{"edits":[
                {"type":"clear_thinking_20251015","keep":"all"},{"type":"clear_tool_uses_20250919"},{},7]}}
                """#.utf8
            )
        )
        let losses = try HarmlessLossesTests.losses(of: body, .anthropicMessages, to: .openAIChat)
        #expect(
            losses.all.headerValue
                == "context_management.edits.clear_thinking_20251015,"
                + "context_management.edits.clear_tool_uses_20250919,context_management.edits"
        )
        #expect(losses.serious == Loss("context_management.edits.clear_tool_uses_20250919"))
    }
}
