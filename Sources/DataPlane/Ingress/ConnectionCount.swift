import Addresses
import NIOCore
import Synchronization

/// How many connections there are, over all event loops.
final class ConnectionCount: Sendable {
    /// What a connection takes: its network is nil where those are not counted.
    struct Place: Sendable {
        let network: [UInt8]?
    }

    private let count = Atomic<Int>(0)
    private let limit: Int
    private let countsNetworks: Bool
    private let networks: Mutex<NetworkCensus>

    /// `perAddress` is 0 where one address may have all.
    init(limit: Int, perAddress: Int) {
        self.limit = limit
        self.countsNetworks = perAddress > 0
        self.networks = Mutex(NetworkCensus(limit: perAddress))
    }

    var value: Int { self.count.load(ordering: .relaxed) }

    /// Takes a place; nil when there is none, and then no place was taken.
    func enter(from address: SocketAddress?) -> Place? {
        guard self.count.wrappingAdd(1, ordering: .relaxed).newValue <= self.limit else {
            self.count.wrappingSubtract(1, ordering: .relaxed)
            return nil
        }
        guard self.countsNetworks, let network = ConnectionCount.network(of: address) else {
            return Place(network: nil)
        }
        guard self.networks.withLock({ $0.enter(network) }) else {
            self.count.wrappingSubtract(1, ordering: .relaxed)
            return nil
        }
        return Place(network: network)
    }

    func leave(_ place: Place) {
        self.count.wrappingSubtract(1, ordering: .relaxed)
        if let network = place.network { self.networks.withLock { $0.leave(network) } }
    }

    private static func network(of address: SocketAddress?) -> [UInt8]? {
        guard let text = address?.ipAddress,
            case .address(let address) = NetworkAddress.Host(text.contains(":") ? "[\(text)]" : text)
        else { return nil }
        return NetworkCensus.network(of: address)
    }
}
