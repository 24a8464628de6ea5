import Identity
import Sealing
import Testing

@Suite struct MasterKeyTests {
    let key = MasterKey()
    let secret = SecretBytes(Array("sk-provider".utf8))

    @Test func `a secret opens under its key and context only`() throws {
        let sealed = try self.key.seal(self.secret, context: "provider_secret|acme|value|1")
        let opened = try self.key.open(sealed, context: "provider_secret|acme|value|1")
        #expect(opened.withExposedBytes { $0 } == Array("sk-provider".utf8))
        #expect(throws: SealingError.cannotOpen) {
            try self.key.open(sealed, context: "provider_secret|other|value|1")
        }
        #expect(throws: SealingError.cannotOpen) {
            try MasterKey().open(sealed, context: "provider_secret|acme|value|1")
        }
    }

    @Test func `an empty secret and context work too`() throws {
        let sealed = try self.key.seal(SecretBytes([]), context: "")
        #expect(try self.key.open(sealed, context: "").count == 0)
    }

    @Test func `every flipped bit and every truncation is refused`() throws {
        var sealed = try self.key.seal(self.secret, context: "c")
        for index in sealed.indices {
            for bit in 0..<8 {
                sealed[index] ^= 1 << UInt8(bit)
                #expect(throws: SealingError.cannotOpen) { try self.key.open(sealed, context: "c") }
                sealed[index] ^= 1 << UInt8(bit)
            }
            #expect(throws: SealingError.cannotOpen) { try self.key.open(Array(sealed[..<index]), context: "c") }
        }
    }

    @Test func `no two sealings are equal`() throws {
        #expect(try self.key.seal(self.secret, context: "c") != self.key.seal(self.secret, context: "c"))
    }

    @Test func `a key survives its file, with white space around it`() throws {
        let text = self.key.fileText.withExposedText { $0 }
        let sealed = try self.key.seal(self.secret, context: "c")
        let again = try MasterKey(fileText: "  \(text)\r\n\n")
        #expect(try again.open(sealed, context: "c").count == self.secret.count)
    }

    @Test(arguments: [
        "", " ", "00", String(repeating: "0", count: 63), String(repeating: "0", count: 66),
        String(repeating: "g", count: 64), String(repeating: "0", count: 64) + " 00",
    ])
    func `a file that holds no key is refused`(text: String) {
        #expect(throws: SealingError.invalidKey) { try MasterKey(fileText: text) }
    }
}
