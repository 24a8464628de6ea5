import Identity
import Sealing
import Testing

@Suite struct ResponseIDKeyTests {
    private static let pepper = SecretBytes(Array(repeating: 9, count: 32))
    private static let key = ResponseIDKey(ResponseIDKeyTests.pepper)
    private static let content = Array("acme large resp_68a1".utf8)
    private static let context = Array("default".utf8)

    @Test func `what one node seals another with the same pepper opens, and seals to the same bytes`() throws {
        let other = ResponseIDKey(SecretBytes(Array(repeating: 9, count: 32)))
        let key = ResponseIDKeyTests.key
        let sealed = try #require(key.seal(ResponseIDKeyTests.content, context: ResponseIDKeyTests.context))
        #expect(sealed.count == ResponseIDKeyTests.content.count + 12 + 16)
        #expect(other.seal(ResponseIDKeyTests.content, context: ResponseIDKeyTests.context) == sealed)
        #expect(other.open(sealed, context: ResponseIDKeyTests.context) == ResponseIDKeyTests.content)
    }

    @Test func `every changed bit, another context and another pepper open nothing`() throws {
        let key = ResponseIDKeyTests.key
        let sealed = try #require(key.seal(ResponseIDKeyTests.content, context: ResponseIDKeyTests.context))
        for place in 0..<sealed.count * 8 {
            var changed = sealed
            changed[place / 8] ^= 1 << UInt8(place % 8)
            #expect(key.open(changed, context: ResponseIDKeyTests.context) == nil, "bit \(place)")
        }
        for count in 0..<sealed.count {
            #expect(key.open(Array(sealed.prefix(count)), context: ResponseIDKeyTests.context) == nil)
        }
        #expect(key.open(sealed, context: Array("other".utf8)) == nil)
        let stranger = ResponseIDKey(SecretBytes(Array(repeating: 8, count: 32)))
        #expect(stranger.open(sealed, context: ResponseIDKeyTests.context) == nil)
    }

    @Test func `contents and contexts that differ share no nonce`() throws {
        let key = ResponseIDKeyTests.key
        let pairs = [("a", "bc"), ("ab", "c"), ("", "abc"), ("abc", ""), ("1 a", "bc")]
        let nonces = try pairs.map { context, content in
            Array(try #require(key.seal(Array(content.utf8), context: Array(context.utf8))).prefix(12))
        }
        #expect(Set(nonces).count == pairs.count)
    }

    @Test func `nothing of the content can be read, and the key prints as nothing`() throws {
        let sealed = try #require(
            ResponseIDKeyTests.key.seal(ResponseIDKeyTests.content, context: ResponseIDKeyTests.context)
        )
        #expect(!String(decoding: sealed, as: UTF8.self).contains("acme"))
        #expect("\(ResponseIDKeyTests.key)" == "ResponseIDKey(<redacted>)")
    }
}
