import GatewayTestSupport
import Sealing
import Testing

@Suite struct GzipTests {
    @Test(arguments: [0, 1, 2, 100, 65_535, 65_536, 1_000_000])
    func `what was compressed inflates to itself`(count: Int) throws {
        var generator = SeededGenerator(seed: UInt64(count))
        let bytes = (0..<count).map { index in
            index % 3 == 0 ? UInt8.random(in: 0...255, using: &generator) : UInt8(truncatingIfNeeded: index)
        }
        for level in [1, 6, 9] {
            let compressed = try Gzip.compress(bytes, level: level)
            #expect(try Gzip.inflate(compressed, exactly: count) == bytes)
            #expect(try Gzip.compress(bytes, level: level) == compressed)
        }
    }

    @Test func `the header names neither time nor system`() throws {
        let compressed = try Gzip.compress(Array("hello".utf8))
        #expect(Array(compressed[..<8]) == [0x1f, 0x8b, 8, 0, 0, 0, 0, 0])
        #expect(compressed[9] == 0xff)
    }

    @Test func `any length but the announced one is refused`() throws {
        let compressed = try Gzip.compress([UInt8](repeating: 1, count: 1000))
        for length in [-1, 0, 999, 1001, Int.max] {
            #expect(throws: Gzip.Failure.malformed) { try Gzip.inflate(compressed, exactly: length) }
        }
    }

    @Test func `truncated, extended and doubled members are refused`() throws {
        let compressed = try Gzip.compress(Array("some text, some text".utf8))
        for length in compressed.indices {
            #expect(throws: Gzip.Failure.malformed) {
                try Gzip.inflate(Array(compressed[..<length]), exactly: 20)
            }
        }
        #expect(throws: Gzip.Failure.malformed) { try Gzip.inflate(compressed + [0], exactly: 20) }
        #expect(throws: Gzip.Failure.malformed) { try Gzip.inflate(compressed + compressed, exactly: 40) }
    }

    @Test func `damage to the content is refused`() throws {
        let bytes = Array("some text that is long enough to be worth damaging".utf8)
        let compressed = try Gzip.compress(bytes)
        for index in compressed.indices.dropFirst(10) {
            var damaged = compressed
            damaged[index] ^= 0x01
            #expect(throws: Gzip.Failure.malformed) { try Gzip.inflate(damaged, exactly: bytes.count) }
        }
    }

    @Test func `levels outside the range count as the nearest`() throws {
        let bytes = [UInt8](repeating: 5, count: 100)
        #expect(try Gzip.compress(bytes, level: -5) == Gzip.compress(bytes, level: 1))
        #expect(try Gzip.compress(bytes, level: 50) == Gzip.compress(bytes, level: 9))
    }
}
