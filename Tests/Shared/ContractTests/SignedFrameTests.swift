import Contract
import GatewayTestSupport
import Testing

@Suite struct SignedFrameTests {
    private let frame = SignedFrame(
        header: Array("{}".utf8),
        body: [1, 2, 3],
        signatures: [
            .init(keyID: "a", bytes: [UInt8](repeating: 9, count: 64)),
            .init(keyID: String(repeating: "k", count: 64), bytes: [UInt8](repeating: 8, count: 64)),
        ]
    )

    private func rejection(_ bytes: [UInt8]) -> SnapshotRejection? {
        do {
            _ = try SignedFrame(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a frame comes apart as it was put together`() throws {
        #expect(try SignedFrame(self.frame.bytes) == self.frame)
        #expect(Array(self.frame.bytes.prefix(11)) == [0x52, 0x54, 0x52, 0x53, 1, 0, 0, 0, 2, 0x7b, 0x7d])
    }

    @Test func `every truncation is told as one`() {
        let bytes = self.frame.bytes
        for length in bytes.indices { #expect(self.rejection(Array(bytes[..<length])) == .truncated) }
    }

    @Test func `anything behind the frame is refused`() {
        #expect(self.rejection(self.frame.bytes + [0]) == .notAnEnvelope)
        #expect(self.rejection(self.frame.bytes + self.frame.bytes) == .notAnEnvelope)
    }

    @Test func `another magic or format is refused`() {
        for index in 0..<5 {
            var bytes = self.frame.bytes
            bytes[index] ^= 1
            #expect(self.rejection(bytes) == .notAnEnvelope)
        }
    }

    @Test func `lengths above the limits are refused without looking for the bytes`() {
        let magic = SignedFrame.magic
        #expect(self.rejection(magic + [0, 1, 0, 1]) == .tooLarge)
        #expect(self.rejection(magic + [0xff, 0xff, 0xff, 0xff]) == .tooLarge)
        #expect(self.rejection(magic + [0, 0, 0, 0, 0x04, 0, 0, 1]) == .tooLarge)
        #expect(self.rejection(magic + [0, 1, 0, 0]) == .truncated)
    }

    @Test func `no signatures, too many, and key ids without a length or not UTF-8 are refused`() {
        let start = SignedFrame.magic + [0, 0, 0, 0, 0, 0, 0, 0]
        #expect(self.rejection(start + [0]) == .notAnEnvelope)
        #expect(self.rejection(start + [9]) == .notAnEnvelope)
        #expect(self.rejection(start + [1, 0] + [UInt8](repeating: 0, count: 64)) == .notAnEnvelope)
        #expect(self.rejection(start + [1, 65] + [UInt8](repeating: 0x61, count: 200)) == .notAnEnvelope)
        #expect(self.rejection(start + [1, 1, 0xff] + [UInt8](repeating: 0, count: 64)) == .notAnEnvelope)
    }

    @Test(arguments: 0..<4)
    func `random bytes are refused`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let count = Int.random(in: 0...80, using: &generator)
            let bytes = SignedFrame.magic + (0..<count).map { _ in UInt8.random(in: 0...3, using: &generator) }
            #expect(self.rejection(bytes) != nil)
        }
    }

    @Test func `what is signed holds the type and both lengths`() {
        let bytes = PreAuthenticationEncoding.bytes(.join, Array("hello world".utf8))
        #expect(
            String(decoding: bytes, as: UTF8.self) == "DSSEv1 30 application/vnd.router.join.v1 11 hello world"
        )
        // Moving a byte from the type to the payload gives other bytes.
        #expect(
            PreAuthenticationEncoding.bytes(.heartbeat, []) != PreAuthenticationEncoding.bytes(.snapshot, [])
        )
    }
}
