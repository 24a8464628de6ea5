import Addresses
import NIOCore
import Testing

@testable import Ingress

@Suite struct NetworkCensusTests {
    @Test func `a network has its places and no more, whatever others have`() {
        var census = NetworkCensus(limit: 2)
        #expect(census.enter([1, 1, 1, 1]) && census.enter([1, 1, 1, 1]))
        #expect(!census.enter([1, 1, 1, 1]) && census.enter([1, 1, 1, 2]))
        census.leave([1, 1, 1, 1])
        #expect(census.enter([1, 1, 1, 1]) && !census.enter([1, 1, 1, 1]))
    }

    @Test func `who left is forgotten`() {
        var census = NetworkCensus(limit: 1)
        #expect(census.enter([1]) && census.enter([2]))
        for network: [UInt8] in [[1], [2], [2], [3]] { census.leave(network) }
        #expect(census == NetworkCensus(limit: 1))
    }

    @Test func `an address counts as what one caller has`() {
        let mapped = NetworkAddress(bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 8, 8, 4, 4])
        let site = NetworkAddress(bytes: [0x20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
        #expect(NetworkCensus.network(of: NetworkAddress(bytes: [8, 8, 4, 4])) == [8, 8, 4, 4])
        #expect(NetworkCensus.network(of: mapped) == [8, 8, 4, 4])
        #expect(NetworkCensus.network(of: site) == [0x20, 1, 2, 3, 4, 5, 6, 7])
    }

    @Test func `a connection that finds no place takes none`() throws {
        let count = ConnectionCount(limit: 3, perAddress: 2)
        let here = try SocketAddress(ipAddress: "10.0.0.1", port: 1)
        let there = try SocketAddress(ipAddress: "::ffff:10.0.0.2", port: 1)
        let places = [count.enter(from: here), count.enter(from: here)].compactMap { $0 }
        #expect(places.count == 2 && count.enter(from: here) == nil && count.value == 2)
        #expect(count.enter(from: there) != nil && count.enter(from: there) == nil && count.value == 3)
        for place in places { count.leave(place) }
        #expect(count.value == 1 && count.enter(from: here) != nil)
        #expect(ConnectionCount(limit: 9, perAddress: 0).enter(from: here)?.network == nil)
        #expect(count.enter(from: try SocketAddress(unixDomainSocketPath: "/x"))?.network == nil)
    }
}
