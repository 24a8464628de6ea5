import Identity
import Testing

@Suite struct SecretTests {
    // Not private: such a type prints an address, whose digits may be any.
    struct Holder {
        let name = "visible"
        let secret = Secret("hunter2")
        let bytes = SecretBytes(Array("hunter2".utf8))
        let list = [Secret("hunter2")]
        let map = ["k": Secret("hunter2")]
    }

    @Test func `no way of printing shows a secret, nor what holds one`() {
        let holder = Holder()
        var text = "\(holder) \(holder.secret) \(holder.bytes) \(String(describing: holder.secret))"
        text += String(reflecting: holder) + String(reflecting: holder.secret) + String(reflecting: holder.bytes)
        dump(holder, to: &text)
        text += "\(Mirror(reflecting: holder.secret).children.count) \(Optional(holder.secret) as Any)"
        #expect(text.contains("visible"))
        #expect(!text.contains("hunter2"))
        #expect(!text.contains("104"))
    }

    @Test func `the way in lends the content`() throws {
        #expect(Secret("a").withExposedText { $0 + "b" } == "ab")
        #expect(SecretBytes([1, 2]).withExposedBytes { $0.count } == 2)
        #expect(Secret("").isEmpty && !Secret("a").isEmpty)
        struct Refusal: Error {}
        #expect(throws: Refusal.self) { try Secret("a").withExposedText { _ in throw Refusal() } }
    }

    @Test func `dialects are named as the admin API names them`() {
        #expect(
            Dialect.allCases.map(\.rawValue).sorted() == ["anthropic-messages", "openai-chat", "openai-responses"]
        )
        #expect(Dialect.anthropicMessages < .openAIChat && Dialect.openAIChat < .openAIResponses)
    }
}
