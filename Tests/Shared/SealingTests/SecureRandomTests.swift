import Sealing
import Testing

@Suite struct SecureRandomTests {
    @Test(arguments: [0, 1, 7, 8, 9, 16, 33])
    func `as many bytes come as are asked for`(count: Int) {
        #expect(SecureRandom.bytes(count).count == count)
    }

    @Test func `bytes differ from call to call and use the whole range`() {
        #expect(SecureRandom.bytes(32) != SecureRandom.bytes(32))
        #expect(Set(SecureRandom.bytes(20_000)).count == 256)
        #expect(Set((0..<20_000).map { _ in SecureRandom.byte() }).count == 256)
    }

    @Test func `a UUID has its form, version and variant`() {
        let uuid = SecureRandom.uuid()
        let parts = uuid.split(separator: "-")
        #expect(parts.map(\.count) == [8, 4, 4, 4, 12])
        #expect(parts[2].first == "4")
        #expect("89ab".contains(parts[3].first ?? "x"))
        #expect(uuid == uuid.lowercased())
        #expect(uuid != SecureRandom.uuid())
    }
}
