import Catalog
import Contract
import Identity
import Testing
import Wire

struct ModelSpecTests {
    @Test func `a full model is read and written back`() throws {
        let spec = try ModelSpec(SpecSamples.model)
        #expect(try ModelSpec(spec.json) == spec)
        #expect(spec.quirks.memberNames == ["max_tokens_field", "no_sampling", "no_stream_options"])
    }

    @Test func `the order of quirks does not matter`() throws {
        let one = try ModelSpec(["upstream_model": "m", "quirks": ["b": 1, "a": true]])
        let other = try ModelSpec(["upstream_model": "m", "quirks": ["a": true, "b": 1.0]])
        #expect(one == other)
    }

    @Test(arguments: [
        BadField("upstream_model", nil), BadField("upstream_model", ""), BadField("upstream_model", 7),
        BadField("upstream_model", "a\u{0}b"), BadField("upstream_model", .string(String(repeating: "m", count: 257))),
        BadField("context_tokens", 0), BadField("context_tokens", 1_000_000_001), BadField("context_tokens", "1k"),
        BadField("max_output_tokens", -1), BadField("declared", []),
        BadField("declared", ["openai": [:]], names: "declared.openai"),
        BadField("declared.openai-chat.tools", "yes"), BadField("declared.openai-chat.vision", true),
        BadField("declared.openai-chat.input_modalities", []),
        BadField("declared.openai-chat.input_modalities", ["text", "text"]),
        BadField("declared.openai-chat.input_modalities", ["Text"]),
        BadField("declared.openai-chat.input_modalities", [1], names: "declared.openai-chat.input_modalities[0]"),
        BadField("quirks", 1), BadField("quirks", ["Upper": 1], names: "quirks.Upper"),
        BadField("quirks", ["a": [1]], names: "quirks.a"), BadField("quirks", ["a": 1.5], names: "quirks.a"),
        BadField("quirks", ["a": nil], names: "quirks.a"), BadField("name", "x"),
    ])
    func `a wrong field is refused by its name`(_ bad: BadField) {
        let value = SpecSamples.setting(bad.path, to: bad.value, in: SpecSamples.model)
        let error = #expect(throws: JSONShapeError.self) { _ = try ModelSpec(value) }
        #expect(error?.field == bad.field)
    }

    @Test func `a patch reaches into nested objects`() throws {
        let present = try ModelSpec(SpecSamples.model)
        let patched = try ModelSpec(
            patch: [
                "declared": ["openai-chat": ["reasoning": true]], "context_tokens": nil, "quirks": ["no_sampling": nil],
            ],
            over: present
        )
        #expect(patched.declared[.openAIChat]?.reasoning == true)
        #expect(patched.declared[.openAIChat]?.tools == true)
        #expect(patched.contextTokens == nil)
        #expect(patched.quirks.count == 2)
    }

    @Test func `a model survives the way through its record`() throws {
        let spec = try ModelSpec(SpecSamples.model)
        let key = ModelKey(provider: SpecSamples.slug("demo"), model: SpecSamples.slug("large"))
        #expect(ModelSpec(spec.record(key: key)) == spec)
    }

    @Test(arguments: ["", "a", "a/", "/a", "a/b/c", "A/b", "a/b ", "a//b"])
    func `a model key is two slugs and a slash`(text: String) {
        #expect(ModelKey(text) == nil)
        #expect(ModelKey("demo/large")?.description == "demo/large")
    }

    @Test(arguments: [
        BadField("declared.openai-chat.input_modalities", ["text", "imgae"]),
        BadField("quirks", ["no_stream_optoins": true], names: "quirks.no_stream_optoins"),
        BadField("quirks", ["no_stream_options": "true"], names: "quirks.no_stream_options"),
        BadField("quirks", ["max_tokens_field": "max_token"], names: "quirks.max_tokens_field"),
        BadField("quirks", ["efforts": "low hihg"], names: "quirks.efforts"),
        BadField("max_output_tokens", 128_001),
    ])
    func `what nothing reads is refused where it is written, not where it is stored`(_ bad: BadField) throws {
        let spec = try ModelSpec(SpecSamples.setting(bad.path, to: bad.value, in: SpecSamples.model))
        let error = #expect(throws: JSONShapeError.self) { _ = try spec.settled(over: nil, at: "models.large") }
        #expect(error?.field == "models.large.\(bad.field)")
        #expect(try spec.settled(over: spec) == spec)
        #expect(throws: JSONShapeError.self) { _ = try spec.settled(over: ModelSpec(SpecSamples.model)) }
    }

    @Test func `every quirk and every modality that is known may be written`() throws {
        let spec = try ModelSpec([
            "upstream_model": "m", "context_tokens": 8192, "max_output_tokens": 8192,
            "declared": [
                "openai-chat": ["input_modalities": ["text", "image", "audio", "video", "file", "pdf"]]
            ],
            "quirks": [
                "max_tokens_field": "max_tokens", "no_stream_options": true, "thinking_budget": false,
                "no_sampling": true, "no_output_schema": true, "no_strict_tools": true, "system_turns": true,
                "no_cache_key": true, "no_user": true, "reasoning_content": true, "leading_system_only": true,
                "efforts": "none low xhigh",
            ],
        ])
        #expect(try spec.settled(over: nil) == spec)
        #expect(spec.quirks.count == 12)
    }
}
