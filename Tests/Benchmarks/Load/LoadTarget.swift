/// Something that answers: the provider itself, or a proxy in front of it.
struct LoadTarget: Hashable, Sendable {
    /// Its name in the tables.
    var name: String
    var host: String
    var port: Int
    /// Shown as `Authorization: Bearer`.
    var credential: String
    /// The processes whose CPU time and memory count as the target's.
    var processes: [Int32]
    /// Follows the name of every model that it is asked for.
    var modelSuffix = ""

    /// Nil when `url` is not `http://host:port`.
    init?(name: String, url: String, credential: String, processes: [Int32]) {
        guard url.hasPrefix("http://") else { return nil }
        let authority = url.dropFirst(7).prefix { $0 != "/" }
        let parts = authority.split(separator: ":")
        guard parts.count == 2, let port = Int(parts[1]), (1...65535).contains(port) else { return nil }
        self.name = name
        self.host = String(parts[0])
        self.port = port
        self.credential = credential
        self.processes = processes
    }
}
