import Canonical
import Dialects
import GatewayTestSupport
import Identity
import Testing

@Suite struct ReasoningEnvelopeTests {
    /// No MAC worth the name, but different for different bytes and long enough.
    static func mac(key: UInt64) -> ReasoningEnvelope.MAC {
        { bytes in
            var generator = SeededGenerator(seed: bytes.reduce(key) { ($0 &* 31) &+ UInt64($1) })
            return (0..<32).map { _ in generator.byte() }
        }
    }

    private static func binding(_ provider: String, _ model: String) throws -> ReasoningBinding {
        ReasoningBinding(provider: try Example.slug(provider), model: try Example.slug(model))
    }

    private static let mac = ReasoningEnvelopeTests.mac(key: 7)

    @Test(arguments: [OpaqueReasoning.Kind.encryptedContent, .signature, .redacted])
    func `a blob comes back to who made it`(_ kind: OpaqueReasoning.Kind) throws {
        let maker = try ReasoningEnvelopeTests.binding("acme", "large-2")
        for payload in ["", "gAAAA+/=", "größe 🙂", String(repeating: "x", count: 70_000)] {
            let text = ReasoningEnvelope.seal(kind, payload, by: maker, mac: ReasoningEnvelopeTests.mac)
            #expect(text.wholeMatch(of: /rs1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{22}/) != nil)
            #expect(
                ReasoningEnvelope.open(text, for: maker, mac: ReasoningEnvelopeTests.mac) == .native(kind, payload)
            )
            #expect(ReasoningEnvelope.maker(of: text, mac: ReasoningEnvelopeTests.mac) == maker)
        }
    }

    @Test func `another model or provider is told who made it`() throws {
        let maker = try ReasoningEnvelopeTests.binding("acme", "large-2")
        let text = ReasoningEnvelope.seal(.signature, "s", by: maker, mac: ReasoningEnvelopeTests.mac)
        for (provider, model) in [("acme", "large-3"), ("other", "large-2"), ("acm", "elarge-2")] {
            let target = try ReasoningEnvelopeTests.binding(provider, model)
            #expect(
                ReasoningEnvelope.open(text, for: target, mac: ReasoningEnvelopeTests.mac) == .otherTarget(maker)
            )
        }
    }

    @Test func `every changed character is noticed`() throws {
        let maker = try ReasoningEnvelopeTests.binding("a", "b")
        let text = ReasoningEnvelope.seal(.signature, "payload", by: maker, mac: ReasoningEnvelopeTests.mac)
        let characters = Array(text.utf8)
        for place in characters.indices.dropFirst(4) {
            var changed = characters
            changed[place] = changed[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let opened = ReasoningEnvelope.open(
                String(decoding: changed, as: UTF8.self),
                for: maker,
                mac: ReasoningEnvelopeTests.mac
            )
            #expect(opened == .tampered, "at \(place)")
        }
        for length in 4..<characters.count {
            let cut = String(decoding: characters.prefix(length), as: UTF8.self)
            #expect(ReasoningEnvelope.open(cut, for: maker, mac: ReasoningEnvelopeTests.mac) == .tampered)
        }
    }

    @Test func `another key does not open it`() throws {
        let maker = try ReasoningEnvelopeTests.binding("a", "b")
        let text = ReasoningEnvelope.seal(.redacted, "p", by: maker, mac: ReasoningEnvelopeTests.mac(key: 8))
        #expect(ReasoningEnvelope.open(text, for: maker, mac: ReasoningEnvelopeTests.mac) == .tampered)
        #expect(ReasoningEnvelope.maker(of: text, mac: ReasoningEnvelopeTests.mac) == nil)
    }

    @Test(arguments: ["", "gAAAAABo", "EqQBCkYI", "rs2.AAAA.AAAA", "rs1", "RS1.AA.AA"])
    func `a provider's own blob is foreign`(_ text: String) throws {
        let target = try ReasoningEnvelopeTests.binding("a", "b")
        #expect(ReasoningEnvelope.open(text, for: target, mac: ReasoningEnvelopeTests.mac) == .foreign)
        #expect(ReasoningEnvelope.maker(of: text, mac: ReasoningEnvelopeTests.mac) == nil)
    }

    @Test func `a MAC that is too short opens nothing`() throws {
        let maker = try ReasoningEnvelopeTests.binding("a", "b")
        let text = ReasoningEnvelope.seal(.signature, "p", by: maker) { _ in [] }
        #expect(ReasoningEnvelope.open(text, for: maker) { _ in [] } == .tampered)
    }

    @Test func `an empty envelope is ours for every target, and names none to stay with`() throws {
        let maker = try ReasoningEnvelopeTests.binding("acme", "large-2")
        let text = ReasoningEnvelope.seal(.unsigned, "", by: maker, mac: ReasoningEnvelopeTests.mac)
        for target in [maker, try ReasoningEnvelopeTests.binding("acme", "small")] {
            #expect(ReasoningEnvelope.open(text, for: target, mac: ReasoningEnvelopeTests.mac) == .unsigned)
        }
        let other = ReasoningEnvelopeTests.mac(key: 8)
        #expect(ReasoningEnvelope.open(text, for: maker, mac: other) == .tampered)
        #expect(ReasoningEnvelope.maker(of: text, mac: ReasoningEnvelopeTests.mac) == nil)
    }

    // MARK: Replays

    private static let answer = Block.text(TextBlock("yes"))

    private static func request(_ blocks: [Block]) -> ModelRequest {
        var request = ModelRequest(model: "m")
        request.turns = [
            Turn(.user, [.text(TextBlock("hi"))]), Turn(.assistant, blocks), Turn(.user, [.text(TextBlock("?"))]),
        ]
        return request
    }

    private static func opened(
        _ blocks: [Block],
        for target: ReasoningBinding,
        keepsUnsigned: Bool
    ) -> (turns: [Turn], losses: LossReport) {
        var losses = LossReport()
        let request = ReasoningReplay.opened(
            ReasoningEnvelopeTests.request(blocks),
            keepsUnsigned: keepsUnsigned,
            open: { ReasoningEnvelope.open($0, for: target, mac: ReasoningEnvelopeTests.mac) },
            losses: &losses
        )
        return (request.turns, losses)
    }

    @Test func `the target's own reasoning is restored without a loss`() throws {
        let maker = try ReasoningEnvelopeTests.binding("a", "b")
        let sealed = ReasoningEnvelope.seal(.signature, "sig", by: maker, mac: ReasoningEnvelopeTests.mac)
        let (turns, losses) = ReasoningEnvelopeTests.opened(
            [.reasoning(ReasoningBlock(summary: ["so"], opaque: .sealed(sealed))), ReasoningEnvelopeTests.answer],
            for: maker,
            keepsUnsigned: false
        )
        let restored = ReasoningBlock(summary: ["so"], opaque: .native(.signature, "sig"))
        #expect(turns[1].blocks == [.reasoning(restored), ReasoningEnvelopeTests.answer])
        #expect(losses.isEmpty)
    }

    @Test func `another target gets no blob, and summaries only if it takes them unsigned`() throws {
        let maker = try ReasoningEnvelopeTests.binding("a", "b")
        let sealed = ReasoningEnvelope.seal(.signature, "sig", by: maker, mac: ReasoningEnvelopeTests.mac)
        let blocks: [Block] = [
            .reasoning(ReasoningBlock(summary: ["so"], opaque: .sealed(sealed))),
            .reasoning(ReasoningBlock(summary: [""], opaque: .sealed("foreign"))), ReasoningEnvelopeTests.answer,
        ]
        let other = try ReasoningEnvelopeTests.binding("a", "c")
        let kept = ReasoningEnvelopeTests.opened(blocks, for: other, keepsUnsigned: true)
        #expect(
            kept.turns[1].blocks == [.reasoning(ReasoningBlock(summary: ["so"])), ReasoningEnvelopeTests.answer]
        )
        #expect(kept.losses.losses == [Loss(.pastReasoning)])
        let bare = ReasoningEnvelopeTests.opened(blocks, for: other, keepsUnsigned: false)
        #expect(bare.turns[1].blocks == [ReasoningEnvelopeTests.answer])
        #expect(bare.losses.losses == [Loss(.pastReasoning)])
    }

    @Test func `a turn of nothing but reasoning goes with it`() throws {
        let target = try ReasoningEnvelopeTests.binding("a", "b")
        let (turns, _) = ReasoningEnvelopeTests.opened(
            [.reasoning(ReasoningBlock(summary: ["so"]))],
            for: target,
            keepsUnsigned: false
        )
        #expect(turns.map(\.role) == [.user, .user])
    }

    @Test func `thoughts without a blob are no loss where they are taken`() throws {
        let target = try ReasoningEnvelopeTests.binding("a", "b")
        let thoughts = Block.reasoning(ReasoningBlock(text: "hm"))
        let kept = ReasoningEnvelopeTests.opened([thoughts], for: target, keepsUnsigned: true)
        #expect(kept.turns[1].blocks == [thoughts])
        #expect(kept.losses.isEmpty)
        #expect(
            ReasoningEnvelopeTests.opened([thoughts], for: target, keepsUnsigned: false).losses.headerValue
                == "pastReasoning"
        )
    }

    @Test func `an empty envelope is no blob that could be lost`() throws {
        let target = try ReasoningEnvelopeTests.binding("a", "b")
        let mark = ReasoningEnvelope.seal(.unsigned, "", by: target, mac: ReasoningEnvelopeTests.mac)
        let thoughts = Block.reasoning(ReasoningBlock(summary: ["hm"], opaque: .sealed(mark)))
        let kept = ReasoningEnvelopeTests.opened([thoughts], for: target, keepsUnsigned: true)
        #expect(kept.turns[1].blocks == [.reasoning(ReasoningBlock(summary: ["hm"]))])
        #expect(kept.losses.isEmpty)
        let bare = ReasoningEnvelopeTests.opened([thoughts], for: target, keepsUnsigned: false)
        #expect(bare.turns.map(\.role) == [.user, .user])
        #expect(bare.losses.losses == [Loss(.pastReasoning)])
    }

    @Test func `the last blob that is ours names the target to prefer`() throws {
        let first = try ReasoningEnvelopeTests.binding("a", "first")
        let last = try ReasoningEnvelopeTests.binding("a", "last")
        func sealed(_ maker: ReasoningBinding) -> Block {
            let text = ReasoningEnvelope.seal(.signature, "s", by: maker, mac: ReasoningEnvelopeTests.mac)
            return .reasoning(ReasoningBlock(opaque: .sealed(text)))
        }
        let foreign = Block.reasoning(ReasoningBlock(opaque: .sealed("EqQB")))
        let maker = { (text: String) in ReasoningEnvelope.maker(of: text, mac: ReasoningEnvelopeTests.mac) }
        let mark = ReasoningEnvelope.seal(.unsigned, "", by: first, mac: ReasoningEnvelopeTests.mac)
        let readable = Block.reasoning(ReasoningBlock(summary: ["hm"], opaque: .sealed(mark)))
        let request = ReasoningEnvelopeTests.request([sealed(first), sealed(last), readable, foreign])
        #expect(ReasoningReplay.affinity(of: request, maker: maker) == last)
        #expect(ReasoningReplay.affinity(of: ReasoningEnvelopeTests.request([foreign]), maker: maker) == nil)
    }
}
