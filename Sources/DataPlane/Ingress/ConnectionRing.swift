/// The connections of one event loop, in parts that take turns: a look at thousands of them at once would keep every
/// stream of the loop waiting.
struct ConnectionRing<Connection: AnyObject> {
    /// Turns until every connection has had one: a power of two.
    static var turns: Int { 16 }

    private var parts = [[ObjectIdentifier: Connection]](repeating: [:], count: ConnectionRing.turns)
    private var turn = 0

    var count: Int { self.parts.reduce(0) { $0 + $1.count } }

    var all: [Connection] { self.parts.flatMap(\.values) }

    mutating func add(_ connection: Connection) {
        let id = ObjectIdentifier(connection)
        self.parts[ConnectionRing.part(of: id)][id] = connection
    }

    mutating func remove(_ connection: Connection) {
        let id = ObjectIdentifier(connection)
        self.parts[ConnectionRing.part(of: id)].removeValue(forKey: id)
    }

    /// The connections whose turn it is, and whether all had one with them.
    mutating func next() -> (connections: [Connection], isLast: Bool) {
        let connections = Array(self.parts[self.turn].values)
        self.turn = (self.turn + 1) % ConnectionRing.turns
        return (connections, self.turn == 0)
    }

    /// Addresses of objects of one size have low bits in common: the high ones of a product with the golden ratio are
    /// spread evenly even where they lie in a row (Knuth, 6.4).
    private static func part(of id: ObjectIdentifier) -> Int {
        let product = UInt64(UInt(bitPattern: id)) &* 0x9e37_79b9_7f4a_7c15
        return Int(truncatingIfNeeded: product.multipliedFullWidth(by: UInt64(ConnectionRing.turns)).high)
    }
}
