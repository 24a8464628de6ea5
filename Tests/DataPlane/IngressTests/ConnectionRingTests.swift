import Testing

@testable import Ingress

@Suite struct ConnectionRingTests {
    private final class Connection {}

    @Test(arguments: [0, 1, 15, 1_000])
    func `every connection has one turn in a round, and a part of them at a time`(count: Int) {
        var ring = ConnectionRing<Connection>()
        let connections = (0..<count).map { _ in Connection() }
        for connection in connections { ring.add(connection) }
        #expect(ring.count == count && ring.all.count == count)
        for _ in 0..<2 {
            var seen: [ObjectIdentifier] = []
            for turn in 1...ConnectionRing<Connection>.turns {
                let (part, isLast) = ring.next()
                #expect(isLast == (turn == ConnectionRing<Connection>.turns))
                // A sixteenth on the average.
                #expect(part.count <= max(16, count / 8))
                seen += part.map { ObjectIdentifier($0) }
            }
            #expect(seen.count == count)
            #expect(Set(seen) == Set(connections.map { ObjectIdentifier($0) }))
        }
    }

    @Test func `a connection that is gone has no turn`() {
        var ring = ConnectionRing<Connection>()
        let connections = (0..<100).map { _ in Connection() }
        for connection in connections { ring.add(connection) }
        for connection in connections.dropFirst() { ring.remove(connection) }
        ring.remove(Connection())
        #expect(ring.count == 1 && ring.all.first === connections[0])
        let parts = (0..<ConnectionRing<Connection>.turns).map { _ in ring.next().connections }
        #expect(parts.flatMap { $0 }.count == 1)
    }
}
