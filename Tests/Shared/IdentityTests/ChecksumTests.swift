import GatewayTestSupport
import Identity
import Testing

@Suite struct ChecksumTests {
    /// The check value of the CRC catalogue and zlib's own.
    @Test(arguments: [("123456789", UInt32(0xCBF4_3926)), ("", 0), ("a", 0xE8B7_BE43), ("abc", 0x3524_41C2)])
    func `the CRC-32 is the published one`(text: String, checksum: UInt32) {
        #expect(CRC32.checksum(of: text.utf8) == checksum)
    }

    @Test func `base62 writes the most significant digit first and fills up with zeros`() {
        func text(_ value: UInt32, _ width: Int) -> String {
            String(decoding: Base62.encode(value, width: width), as: UTF8.self)
        }
        #expect(text(0, 6) == "000000")
        #expect(text(61, 2) == "0z")
        #expect(text(62, 2) == "10")
        #expect(text(3843, 2) == "zz")
        // 62^6 is above 2^32: six digits hold every checksum.
        #expect(text(.max, 6) == "4gfFC3")
        #expect(text(.max, 0) == "")
    }

    @Test func `base62 allows its 62 digits and nothing else`() {
        #expect(Base62.digits.count == 62)
        #expect((0...255).filter { Base62.allows($0) }.sorted() == Base62.digits.sorted())
    }

    @Test func `random digits pass over the bytes that would favour some`() {
        var bytes: [UInt8] = [255, 248, 247, 0, 61, 62]
        #expect(Base62.random(count: 4) { bytes.removeFirst() } == "z0z0")
        var generator = SeededGenerator(seed: 3)
        let text = Base62.random(count: 62_000) { UInt8.random(in: 0...255, using: &generator) }
        var counts: [Character: Int] = [:]
        for digit in text { counts[digit, default: 0] += 1 }
        // 1000 each on average; 200 off would be more than 6 standard deviations.
        #expect(counts.count == 62 && counts.values.allSatisfy { (800...1200).contains($0) })
    }
}
