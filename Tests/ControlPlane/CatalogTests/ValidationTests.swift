import Catalog
import Contract
import Identity
import Testing
import Wire

struct ValidationTests {
    private let model = ModelKey(provider: SpecSamples.slug("demo"), model: SpecSamples.slug("large"))

    @Test func `what a model does not declare is not asked, and all is where it declares nothing`() throws {
        let configuration = try SpecSamples.configuration()
        let keys = ValidationPlan.keys(of: self.model, in: configuration)
        let chat = keys.filter { $0.dialect == .openAIChat }.map(\.case)
        #expect(Set(chat) == Set(CapabilityCase.allCases).subtracting([.reasoning]))
        #expect(keys.filter { $0.dialect == .anthropicMessages }.map(\.case) == CapabilityCase.allCases.sorted())
        #expect(!keys.contains { $0.dialect == .openAIResponses })
        var plain = configuration
        plain.models[self.model]?.declared = [.openAIChat: DeclaredCapabilities()]
        plain.providers[self.model.provider]?.dialects = [.openAIChat: nil]
        #expect(
            Set(ValidationPlan.keys(of: self.model, in: plain).map(\.case)) == [
                .text, .stream, .maxTokensHonored, .usageReported,
            ]
        )
        #expect(ValidationPlan.keys(of: self.model, in: Configuration(deployment: SpecSamples.slug("m"))).isEmpty)
    }

    @Test func `who asks may say which dialects and cases`() throws {
        let configuration = try SpecSamples.configuration()
        let all = try ValidationInput(["provider": "demo", "model": "large"]).keys(in: configuration)
        #expect(all == ValidationPlan.keys(of: self.model, in: configuration))
        let few = try ValidationInput([
            "provider": "demo", "model": "large", "dialects": ["openai-chat"], "cases": ["reasoning", "text"],
        ]).keys(in: configuration)
        #expect(few == [.reasoning, .text].map { EvidenceKey(self.model, .openAIChat, $0) })
        let cases = try ValidationInput(["provider": "demo", "model": "large", "cases": ["text"]])
        #expect(try cases.keys(in: configuration).map(\.dialect) == [.anthropicMessages, .openAIChat])
    }

    @Test(arguments: [
        BadField("provider", nil), BadField("provider", "Demo"), BadField("provider", "other"),
        BadField("model", 1), BadField("model", "small"), BadField("dialects", []),
        BadField("dialects", ["latin"], names: "dialects[0]"),
        BadField("dialects", ["openai-chat", "openai-chat"], names: "dialects[1]"),
        BadField("dialects", ["openai-responses"], names: "dialects[0]"), BadField("cases", []),
        BadField("cases", ["text", "sight"], names: "cases[1]"), BadField("cases", "text"), BadField("often", 1),
    ])
    func `a wrong field is refused by its name`(_ bad: BadField) {
        let value = SpecSamples.setting(bad.path, to: bad.value, in: ["provider": "demo", "model": "large"])
        let error = #expect(throws: JSONShapeError.self) {
            _ = try ValidationInput(value).keys(in: SpecSamples.configuration())
        }
        #expect(error?.field == bad.field)
    }

    @Test func `of an answer the beginning is kept, whatever is in it`() {
        let answer = "a\0b" + String(repeating: "é", count: 600)
        let outcome = ValidationOutcome(verdict: .failed, passes: 3, attempts: -1, answer: answer, probeVersion: 1)
        #expect(outcome.answer?.unicodeScalars.count == 500)
        #expect(outcome.answer?.hasPrefix("a\u{fffd}bé") == true)
        #expect(outcome.attempts == 3)
    }
}
