import GatewayTestSupport
import Identity
import Testing

@Suite struct CallerTokenTests {
    private func issue(seed: UInt64 = 1, id: String = "rtr_metrum_alice_shop_prod_k1") throws -> String {
        let id = try #require(TokenID(id))
        var generator = SeededGenerator(seed: seed)
        let token = CallerToken.issue(for: id) { UInt8.random(in: 0...255, using: &generator) }
        return token.withExposedText { $0 }
    }

    @Test func `an issued token has its form and is read again`() throws {
        let text = try self.issue()
        #expect(text.hasPrefix("rtr_metrum_alice_shop_prod_k1_"))
        #expect(text.utf8.count == "rtr_metrum_alice_shop_prod_k1_".utf8.count + 49)
        let token = try #require(CallerToken(text))
        #expect(token.id == "rtr_metrum_alice_shop_prod_k1")
        #expect(token.secret.withExposedText { $0 } == text)
    }

    @Test func `the longest id makes a token that is read again`() throws {
        let slug = String(repeating: "s", count: 63)
        let text = try self.issue(id: "rtr_\(slug)_\(slug)_\(slug)_\(slug)_\(slug)")
        #expect(text.utf8.count <= CallerToken.maximumByteCount)
        #expect(CallerToken(text) != nil)
    }

    @Test func `two tokens for one id differ`() throws {
        #expect(try self.issue(seed: 1) != self.issue(seed: 2))
    }

    @Test func `every changed, lost, doubled and swapped character is refused`() throws {
        let bytes = Array(try self.issue().utf8)
        func isRefused(_ bytes: [UInt8]) -> Bool { CallerToken(String(decoding: bytes, as: UTF8.self)) == nil }
        for index in bytes.indices {
            for bit in 0..<7 {
                var changed = bytes
                changed[index] ^= 1 << UInt8(bit)
                #expect(isRefused(changed), "byte \(index), bit \(bit)")
            }
            var lost = bytes
            lost.remove(at: index)
            #expect(isRefused(lost))
            var doubled = bytes
            doubled.insert(bytes[index], at: index)
            #expect(isRefused(doubled))
            if index > 0, bytes[index] != bytes[index - 1] {
                var swapped = bytes
                swapped.swapAt(index, index - 1)
                #expect(isRefused(swapped))
            }
        }
    }

    @Test func `malformed texts are refused`() throws {
        let good = try self.issue()
        for text in [
            "", " ", "rtr_", "_", good + " ", " " + good, good + "\n", good + "\u{0}", "Bearer \(good)",
            String(repeating: "_", count: 60), String(repeating: "A", count: 600),
            good.replacingFirst("rtr_", with: "rtX_"), good + String(repeating: "A", count: 600),
            String(repeating: "0", count: 49), "_" + String(repeating: "0", count: 49),
            "rtr_" + String(repeating: "ä", count: 60),
        ] {
            #expect(CallerToken(text) == nil, "\(text.utf8.count) bytes")
        }
    }

    @Test func `a token does not show`() throws {
        let text = try self.issue()
        let token = try #require(CallerToken(text))
        var printed = "\(token) \(token.secret) \(String(reflecting: token))"
        dump(token, to: &printed)
        #expect(!printed.contains(text))
        #expect(!printed.contains(text.suffix(49)))
        #expect(printed.contains("<redacted>"))
    }
}

extension String {
    fileprivate func replacingFirst(_ prefix: String, with other: String) -> String {
        self.hasPrefix(prefix) ? other + self.dropFirst(prefix.count) : self
    }
}
