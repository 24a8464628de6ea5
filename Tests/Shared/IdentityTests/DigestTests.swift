import Identity
import Testing

@Suite struct DigestTests {
    private let hex = "00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210"

    @Test func `a digest reads and writes its hexadecimal digits`() throws {
        let digest = try #require(Digest(hex: self.hex))
        #expect(digest.hex == self.hex)
        #expect("\(digest)" == self.hex)
        #expect(Digest(hex: self.hex.uppercased()) == digest)
        #expect(Digest(digest.bytes) == digest)
        #expect(digest.bytes.count == 32)
    }

    @Test func `another length or character is refused`() {
        for text in ["", String(self.hex.dropLast()), String(self.hex.dropLast(2)), self.hex + "00", self.hex + "0"] {
            #expect(Digest(hex: text) == nil)
        }
        #expect(Digest(hex: "g" + self.hex.dropFirst()) == nil)
        for count in [0, 1, 31, 33, 64] { #expect(Digest([UInt8](repeating: 0, count: count)) == nil) }
    }

    @Test func `one different bit anywhere makes two digests different`() throws {
        let digest = try #require(Digest(hex: self.hex))
        for index in 0..<32 {
            for bit in 0..<8 {
                var bytes = digest.bytes
                bytes[index] ^= 1 << UInt8(bit)
                #expect(Digest(bytes) != digest)
            }
        }
    }

    @Test(arguments: [("", []), ("00", [0]), ("fF", [255]), ("0a10", [10, 16])] as [(String, [UInt8])])
    func `hexadecimal text decodes`(text: String, bytes: [UInt8]) {
        #expect(Hex.decode(text) == bytes)
        #expect(Hex.encode(bytes) == text.lowercased())
    }

    @Test(arguments: ["0", "0g", "  ", "0x00", "é", "00 "])
    func `what is not hexadecimal is refused`(text: String) {
        #expect(Hex.decode(text) == nil)
    }
}
