import Dialects
import GatewayTestSupport
import Identity
import Testing

@Suite struct ResponseIDEnvelopeTests {
    private static func kept(_ id: String) throws -> ResponseIDEnvelope.Kept {
        ResponseIDEnvelope.Kept(
            keeper: ReasoningBinding(provider: try Example.slug("acme"), model: try Example.slug("large-2")),
            id: id
        )
    }

    private static let seal = ToySeal.seal(key: 7)
    private static let open = ToySeal.open(key: 7)

    @Test(arguments: ["resp_68a1", "x", "größe 🙂 \"\\", String(repeating: "r", count: 256)])
    func `an id comes back with the target that keeps it`(_ id: String) throws {
        let group = try Example.slug("default")
        let kept = try ResponseIDEnvelopeTests.kept(id)
        let sealed = ResponseIDEnvelope.seal(kept, group: group, ResponseIDEnvelopeTests.seal)
        let text = try #require(sealed)
        #expect(text.wholeMatch(of: /resp_r1_[A-Za-z0-9_-]+/) != nil)
        #expect(text.utf8.count <= ResponseIDEnvelope.maximumBytes)
        #expect(!text.contains("acme") && !text.contains("large"))
        #expect(ResponseIDEnvelope.open(text, group: group, ResponseIDEnvelopeTests.open) == kept)
        // An answer names its id more than once.
        let again = ResponseIDEnvelope.seal(kept, group: group, ResponseIDEnvelopeTests.seal)
        #expect(again == text)
    }

    @Test func `ids that no provider gives are not sealed`() throws {
        let group = try Example.slug("default")
        for id in ["", String(repeating: "r", count: 257)] {
            let kept = try ResponseIDEnvelopeTests.kept(id)
            let sealed = ResponseIDEnvelope.seal(kept, group: group, ResponseIDEnvelopeTests.seal)
            #expect(sealed == nil)
        }
        let kept = try ResponseIDEnvelopeTests.kept("resp_1")
        let unsealed = ResponseIDEnvelope.seal(kept, group: group) { _, _ in nil }
        #expect(unsealed == nil)
    }

    @Test func `the longest names and id still fit`() throws {
        let slug = try Example.slug(String(repeating: "s", count: 63))
        let keeper = ReasoningBinding(provider: slug, model: slug)
        let kept = ResponseIDEnvelope.Kept(keeper: keeper, id: String(repeating: "r", count: 256))
        // As much as a nonce, a tag and a reserve.
        let seal: ResponseIDEnvelope.Seal = { content, _ in content + Array(repeating: 0, count: 64) }
        let sealed = ResponseIDEnvelope.seal(kept, group: slug, seal)
        let text = try #require(sealed)
        #expect(text.utf8.count <= ResponseIDEnvelope.maximumBytes)
        #expect(ResponseIDEnvelope.open(text, group: slug) { sealed, _ in Array(sealed.dropLast(64)) } == kept)
    }

    @Test func `another group, another key, a change or a cut open nothing`() throws {
        let group = try Example.slug("default")
        let kept = try ResponseIDEnvelopeTests.kept("resp_68a1")
        let sealed = ResponseIDEnvelope.seal(kept, group: group, ResponseIDEnvelopeTests.seal)
        let text = try #require(sealed)
        let open = ResponseIDEnvelopeTests.open
        #expect(ResponseIDEnvelope.open(text, group: try Example.slug("other"), open) == nil)
        #expect(ResponseIDEnvelope.open(text, group: group, ToySeal.open(key: 8)) == nil)
        let characters = Array(text.utf8)
        for place in characters.indices {
            var changed = characters
            changed[place] = changed[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let wrong = String(decoding: changed, as: UTF8.self)
            #expect(ResponseIDEnvelope.open(wrong, group: group, open) == nil, "changed at \(place)")
            let cut = String(decoding: characters.prefix(place), as: UTF8.self)
            #expect(ResponseIDEnvelope.open(cut, group: group, open) == nil, "cut at \(place)")
        }
    }

    @Test func `what is opened but makes no sense is nothing`() throws {
        let group = try Example.slug("default")
        for content in [[], [1], [4, 0x61], [1, 0x61, 1, 0x62], [1, 0x5f, 1, 0x62, 0x63], [1, 0x61, 1, 0x62, 0xff]] {
            #expect(ResponseIDEnvelope.open("resp_r1_AAAA", group: group) { _, _ in content.map { UInt8($0) } } == nil)
        }
    }

    @Test func `a text that is too long is not looked at`() throws {
        let text = "resp_r1_" + String(repeating: "A", count: ResponseIDEnvelope.maximumBytes)
        let opened = ResponseIDEnvelope.open(text, group: try Example.slug("default")) { _, _ in
            Issue.record("it was looked at")
            return nil
        }
        #expect(opened == nil)
    }
}
