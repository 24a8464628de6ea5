import Addresses

/// How many connections each network of callers has.
struct NetworkCensus: Hashable, Sendable {
    private let limit: Int
    private var counts: [[UInt8]: Int] = [:]

    init(limit: Int) {
        self.limit = limit
    }

    /// What counts as one caller: an IPv4 address, or the half of an IPv6 address that every site has to itself.
    static func network(of address: NetworkAddress) -> [UInt8] {
        guard address.bytes.count == 16 else { return address.bytes }
        // A listener for both families names IPv4 addresses so (RFC 4291 §2.5.5.2).
        let isMapped = address.bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        return Array(isMapped ? address.bytes.suffix(4) : address.bytes.prefix(8))
    }

    /// Takes a place; false when the network has none left, and then no place was taken.
    mutating func enter(_ network: [UInt8]) -> Bool {
        let present = self.counts[network] ?? 0
        guard present < self.limit else { return false }
        self.counts[network] = present + 1
        return true
    }

    mutating func leave(_ network: [UInt8]) {
        guard let present = self.counts[network] else { return }
        // Who left is forgotten: the table is no longer than there are connections.
        self.counts[network] = present > 1 ? present - 1 : nil
    }
}
