import Contract
import GatewayTestSupport
import Identity
import Sealing
import Testing
import Wire

/// Every change to the bytes of a snapshot, exhaustively.
@Suite struct SnapshotTamperingTests {
    let cluster = TestCluster()

    @Test func `every single flipped bit is refused`() throws {
        let sealed = try self.cluster.seal(SampleSnapshot.body())
        var bytes = sealed.bytes
        var admitted: [Int] = []
        for index in bytes.indices {
            for bit in 0..<8 {
                bytes[index] ^= 1 << UInt8(bit)
                if self.cluster.refusal(of: bytes) == nil { admitted.append(index * 8 + bit) }
                bytes[index] ^= 1 << UInt8(bit)
            }
        }
        #expect(admitted == [])
        #expect(self.cluster.refusal(of: bytes) == nil)
    }

    @Test func `every truncation and every extension is refused`() throws {
        let bytes = try self.cluster.seal(SampleSnapshot.body()).bytes
        for length in bytes.indices {
            let refusal = self.cluster.refusal(of: Array(bytes[..<length]))
            #expect(refusal == .truncated, "length \(length)")
        }
        for extra in 1...200 {
            let longer = bytes + [UInt8](repeating: UInt8(truncatingIfNeeded: extra), count: extra)
            #expect(self.cluster.refusal(of: longer) == .notAnEnvelope)
        }
    }

    @Test(arguments: 0..<8)
    func `random damage is refused`(seed: UInt64) throws {
        let bytes = try self.cluster.seal(SampleSnapshot.body()).bytes
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let index = Int.random(in: damaged.indices, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: damaged[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: damaged.remove(at: index)
                case 2: damaged.insert(UInt8.random(in: 0...255, using: &generator), at: index)
                default: damaged.swapAt(index, damaged.indices.randomElement(using: &generator) ?? index)
                }
            }
            if damaged != bytes { #expect(self.cluster.refusal(of: damaged) != nil) }
        }
    }

    /// What only the holder of the key could sign: whatever it is, the answer must be a value.
    @Test(arguments: 0..<16)
    func `a hostile body under a good signature is refused or admitted, and never worse`(seed: UInt64) throws {
        let original = try SampleSnapshot.json()
        var generator = SeededGenerator(seed: 1000 + seed)
        var admitted = 0
        for _ in 0..<250 {
            var mutation = JSONMutation(generator: generator)
            var value = original
            for _ in 0..<Int.random(in: 1...4, using: &generator) { value = mutation.mutate(value) }
            generator = mutation.generator
            var raw = JSONWriter.write(value)
            if Int.random(in: 0..<4, using: &generator) == 0, !raw.isEmpty {
                raw[Int.random(in: raw.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            let body = try? SnapshotBody(value)
            let counts = body.map { body in
                [
                    "providers": .int(body.providers.count), "models": .int(body.models.count),
                    "groups": .int(body.groups.count), "tokens": .int(body.tokens.count),
                ] as JSONValue
            }
            let refusal = self.cluster.refusal(of: try self.cluster.envelope(raw: raw, counts: counts))
            if refusal == nil { admitted += 1 }
            if let refusal { #expect(refusal.detail.utf8.count <= SnapshotVerdict.maximumDetailBytes) }
        }
        // The mutations must reach both outcomes, or they would test only the reader of JSON.
        #expect(admitted > 0 && admitted < 250)
    }
}
